import { describe, expect, test } from 'vitest'
import { decoded, field, refusal, value } from './small-world.ts'

describe('embeds', () => {
  test('take filters, order and pages of their own, at any depth', () => {
    const { query, values } = decoded(
      '/films?select=title,roles(character,actor(name))&roles.character=eq.x&roles.order=character.desc&roles.limit=2&roles.offset=1&roles.actor.or=(name.eq.a,name.eq.b)',
    )
    expect(query.select[1]).toMatchObject({
      read: {
        where: { kind: 'compare', op: 'eq', left: field('character') },
        order: [{ by: field('character'), descending: true }],
        limit: { kind: 'value' },
        offset: { kind: 'value' },
        select: [{ as: 'character' }, { as: 'actor', read: { where: { kind: 'or' } } }],
      },
    })
    expect(query.where).toBeUndefined()
    expect(new Set(values)).toEqual(new Set(['a', 'b', 'x', 1, 2]))
  })

  test('are meant by their alias, or by their name where nothing is called so', () => {
    const aliased = decoded('/films?select=d:director(name),director(id)&director.name=eq.x').query.select
    expect(aliased).toMatchObject([
      { as: 'd', read: { order: [] } },
      { as: 'director', read: { where: { kind: 'compare' } } },
    ])
    expect(aliased[0]).not.toHaveProperty('read.where')
    expect(decoded('/films?select=d:director(name)&director.name=eq.x').query.select).toMatchObject([
      { as: 'd', read: { where: { kind: 'compare' } } },
    ])
  })

  test('that are inner ask the row itself for a related row', () => {
    const { query } = decoded('/films?select=title,roles!inner(actor!inner(name))&roles.actor.name=eq.x')
    const actor = {
      kind: 'related',
      quantifier: 'some',
      relation: { name: 'actor' },
      where: { kind: 'compare', op: 'eq', left: field('name'), right: value(0) },
    }
    expect(query.where).toEqual({ kind: 'related', quantifier: 'some', relation: { name: 'roles' }, where: actor })
    expect(query.select[1]).toMatchObject({ read: { where: actor, select: [{ read: { where: actor.where } }] } })
  })

  test('can be asked for being there or not, also within or', () => {
    expect(decoded('/films?select=title,roles()&roles=is.null&roles.character=eq.x').query.where).toMatchObject({
      kind: 'related',
      quantifier: 'none',
      relation: { name: 'roles' },
      where: { kind: 'compare' },
    })
    expect(decoded('/films?select=title,r:roles()&r=not.is.null').query.where).toEqual({
      kind: 'related',
      quantifier: 'some',
      relation: { name: 'roles' },
    })
    expect(decoded('/films?select=roles(),director()&or=(roles.is.null,director.not.is.null)').query.where).toMatchObject({
      kind: 'or',
      of: [{ quantifier: 'none' }, { quantifier: 'some' }],
    })
  })

  test('take no other filter by their name', () => {
    for (const filter of ['director=eq.1', 'd=in.(1,2)', 'director=is.true', 'or=(title.eq.x,d.fts.y)']) {
      expect(refusal(`/films?select=director(),d:director()&${filter}`)).toMatchObject({ code: 'PGRST120' })
    }
    expect(refusal('/films?select=director()&director=eq.1')).toEqual({
      code: 'PGRST120',
      message: "Bad operator on the 'director' embedded resource",
      details: 'Only is null or not is null filters are allowed on embedded resources',
      hint: 'Filter on a column of it: director.<column>=…',
    })
    expect(decoded('/films?select=director()&director->a=eq.1').query.where).toMatchObject({ kind: 'compare', left: { name: 'director' } })
  })

  test('that are not there cannot be filtered or ordered by', () => {
    const message = "'actors' is not an embedded resource in this request"
    const hint = "Verify that 'actors' is included in the 'select' query parameter."
    for (const parameter of ['actors.name=eq.x', 'actors.order=name', 'actors.limit=1', 'actors.or=(a.eq.1)', 'order=actors(name)']) {
      expect(refusal(`/films?select=title&${parameter}`)).toEqual({ code: 'PGRST108', message, details: null, hint })
    }
  })

  test('that are repeated by many conditions count as often', () => {
    const nulls = (name: string): string => `(${Array.from({ length: 15 }, () => `${name}.is.null`).join(',')})`
    expect(
      refusal(
        `/films?select=roles(actor())&or=${nulls('roles')}&roles.or=${nulls('actor')}&roles.actor.or=(${Array.from({ length: 15 }, () => 'name.eq.x').join(',')})`,
      ).code,
    ).toBe('too_complex')
  })
})

describe('order', () => {
  test('has directions, nulls, paths and related columns', () => {
    expect(
      decoded(
        '/films?select=director(name)&order=year.desc.nullslast,title.nullsfirst,info->a->>0.asc,director(name).desc&director.name=neq.x',
      ).query.order,
    ).toEqual([
      { by: field('year'), descending: true, nulls: 'last' },
      { by: field('title'), descending: false, nulls: 'first' },
      { by: { ...field('info'), json: { path: ['a', 0], text: true } }, descending: false },
      {
        by: {
          kind: 'field',
          path: [{ name: 'director', where: { kind: 'compare', op: 'neq', left: field('name'), right: value(0) } }],
          name: 'name',
        },
        descending: true,
      },
    ])
  })

  test('takes the first of several', () => {
    expect(decoded('/films?order=year&order=title').query.order).toMatchObject([{ by: field('year') }])
  })

  test('can be by an aggregate, a spread one included', () => {
    expect(decoded('/films?select=year,n:count()&order=n.desc,year').query.order).toMatchObject([
      { by: { kind: 'alias', name: 'n' } },
      { by: field('year') },
    ])
    expect(decoded('/films?select=year,...director(top:id.max())&order=top').query.order).toMatchObject([
      { by: { kind: 'alias', name: 'top' } },
    ])
  })

  test('by a renamed column of an embed is by that column', () => {
    expect(decoded('/films?select=...director(called:name)&order=director(called)').query.order).toMatchObject([
      { by: { path: [{ name: 'director' }], name: 'name' } },
    ])
  })
})

describe('having', () => {
  test('compares outputs by their names', () => {
    const alias = (name: string) => ({ kind: 'alias', name })
    expect(decoded('/films?select=year,n:count()&having=n.gt.1').query.having).toEqual({
      kind: 'compare',
      op: 'gt',
      left: alias('n'),
      right: value(0),
    })
    expect(decoded('/films?select=year,n:count()&having=or(n.gt.1,year.is.null)&having=(n.lt.9,n.neq.5)').query.having).toMatchObject({
      kind: 'and',
      of: [{ kind: 'or' }, { kind: 'and' }],
    })
  })

  test('is for the table itself, and for outputs', () => {
    expect(refusal('/films?select=roles(count())&roles.having=count.gt.1').code).toBe('PGRST127')
    expect(refusal('/films?select=n:count()&having=n.wfts.a').code).toBe('PGRST100')
  })
})
