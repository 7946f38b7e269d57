import { describe, expect, test } from 'vitest'
import { decoded, field, refusal } from './small-world.ts'

describe('select', () => {
  const select = (text: string) => decoded(`/films?select=${encodeURIComponent(text)}`).query.select

  test('is everything where it is not given or empty', () => {
    expect(decoded('/films').query).toEqual({ kind: 'read', table: 'films', select: [{ kind: 'all' }], order: [] })
    expect(select('')).toEqual([{ kind: 'all' }])
    expect(select('*')).toEqual([{ kind: 'all' }])
  })

  test('names, renames and casts columns', () => {
    expect(select('title, y:year::text,"a.b",first-name')).toEqual([
      { kind: 'field', field: field('title'), as: 'title' },
      { kind: 'field', field: field('year'), cast: 'text', as: 'y' },
      { kind: 'field', field: field('a.b'), as: 'a.b' },
      { kind: 'field', field: field('first-name'), as: 'first-name' },
    ])
  })

  test('walks into JSON, and calls the output by the last key', () => {
    const json = (path: (string | number)[], text: boolean) => ({ ...field('info'), json: { path, text } })
    expect(select('info->a->>b,info->0,info->1->c->>2,x:info->-1::int,info->!@#$%^&*_d')).toEqual([
      { kind: 'field', field: json(['a', 'b'], true), as: 'b' },
      { kind: 'field', field: json([0], false), as: 'info' },
      { kind: 'field', field: json([1, 'c', 2], true), as: 'c' },
      { kind: 'field', field: json([-1], false), cast: 'int', as: 'x' },
      { kind: 'field', field: json(['!@#$%^&*_d'], false), as: '!@#$%^&*_d' },
    ])
  })

  test('only takes well formed numbers for positions', () => {
    expect(select('info->0->0xy1->1->23-xy-45->1->xy-6->>0')).toMatchObject([
      { field: { json: { path: [0, '0xy1', 1, '23-xy-45', 1, 'xy-6', 0], text: true } }, as: 'xy-6' },
    ])
  })

  test('embeds relations, with hints, aliases and spreads', () => {
    const read = (...names: string[]) => ({ select: names.map((name) => ({ kind: 'field', field: field(name), as: name })), order: [] })
    expect(select('director(name),d:directors!director_id!left(name),...director!films_director_fkey(id)')).toEqual([
      { kind: 'embed', relation: { name: 'director' }, as: 'director', spread: false, read: read('name') },
      { kind: 'embed', relation: { name: 'directors', hint: 'director_id' }, as: 'd', spread: false, read: read('name') },
      { kind: 'embed', relation: { name: 'director', hint: 'films_director_fkey' }, as: 'director', spread: true, read: read('id') },
    ])
  })

  test('keeps an embed that only has empty embeds out of the answer', () => {
    expect(select('title,roles(actor())')).toMatchObject([{ as: 'title' }, { as: 'roles', read: { select: [] } }])
  })

  test('aggregates, with a cast before and after', () => {
    expect(select('count(),n:count()::text,year.max(),s:info->>a::int.sum()::text')).toEqual([
      { kind: 'aggregate', aggregate: 'count', field: null, as: 'count' },
      { kind: 'aggregate', aggregate: 'count', field: null, cast: 'text', as: 'n' },
      { kind: 'aggregate', aggregate: 'max', field: field('year'), as: 'max' },
      {
        kind: 'aggregate',
        aggregate: 'sum',
        field: { ...field('info'), json: { path: ['a'], text: true } },
        inner: 'int',
        cast: 'text',
        as: 's',
      },
    ])
  })

  test('counts rows by `count` without parentheses, unless there is such a column', () => {
    expect(select('count')).toEqual([{ kind: 'aggregate', aggregate: 'count', field: null, as: 'count' }])
    expect(select('director(count)')).toMatchObject([{ read: { select: [{ kind: 'field', field: field('count') }] } }])
    expect(select('roles(count)')).toMatchObject([{ read: { select: [{ kind: 'aggregate', aggregate: 'count' }] } }])
  })

  test.each([
    ['info->>--34', 9, 'unexpected "-" expecting digit'],
    ['id,,title', 4, 'unexpected "," expecting field name (* or [a..z0..9_$])'],
    ['director(name', 14, 'unexpected end of input expecting ")" or ","'],
    ['title::', 8, 'unexpected end of input expecting letter or digit'],
    ['year.median()', 6, 'unexpected "m" expecting "sum()", "avg()", "count()", "max()" or "min()"'],
    ['id[]', 3, 'unexpected "[" expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input'],
  ])('that cannot be read says where: %s', (text, at, details) => {
    expect(refusal(`/films?select=${encodeURIComponent(text)}`)).toEqual({
      code: 'PGRST100',
      message: `"failed to parse select parameter (${text})" (line 1, column ${at})`,
      details,
      hint: null,
    })
  })

  test('takes no part of what ->> gave', () => {
    expect(refusal('/films?select=info->>a->b').code).toBe('42883')
  })
})
