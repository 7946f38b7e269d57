/** Filters: each operator, trees of them, and what is empty, missing or too much. */
import { expect } from 'vitest'
import { asUrl, by, told, type Asker } from '../shop.ts'
import { everyDatabase } from '../world.ts'

/** Table and filter, and the ids that pass; or the code of the refusal. */
const filters: readonly (readonly [as: Asker, table: string, filter: string, ids: readonly number[] | string])[] = [
  ['stranger', 'products', 'id=eq.3', [3]],
  ['stranger', 'products', 'id=neq.3', [1, 2, 4, 5]],
  ['stranger', 'products', 'price=gt.21', [4, 5]],
  ['stranger', 'products', 'price=gte.21', [3, 4, 5]],
  ['stranger', 'products', 'price=lt.12.5', [2]],
  ['stranger', 'products', 'price=lte.12.5', [1, 2]],
  ['stranger', 'products', 'price=not.lte.12.5', [3, 4, 5]],
  ['stranger', 'products', 'grams=neq.100', [2, 3]],
  ['stranger', 'products', 'grams=isdistinct.100', [2, 3, 4, 5]],
  ['stranger', 'products', 'grams=is.null', [4, 5]],
  ['stranger', 'products', 'grams=not.is.null', [1, 2, 3]],
  ['stranger', 'products', 'organic=is.true', [1]],
  ['stranger', 'products', 'organic=is.false', [2, 3, 4, 5]],
  ['stranger', 'products', 'organic=not.is.false', [1]],
  ['stranger', 'products', 'name=is.true', '42804'],
  ['stranger', 'products', 'id=in.(1,3,99)', [1, 3]],
  ['stranger', 'products', 'id=in.()', []],
  ['stranger', 'products', 'id=not.in.()', [1, 2, 3, 4, 5]],
  ['stranger', 'products', 'grams=not.in.(100)', [2, 3]],
  ['stranger', 'products', 'name=in.("small pot, old",Assam)', [2, 5]],
  ['stranger', 'products', 'name=like.S*', [1, 4]],
  ['stranger', 'products', 'name=ilike.s*', [1, 4, 5]],
  ['stranger', 'products', 'name=ilike.öÖ*', [3]],
  ['stranger', 'products', 'name=not.ilike.s*', [2, 3]],
  ['stranger', 'products', 'blurb=like.100\\%25*', [4]],
  ['stranger', 'products', 'blurb=like.*clay\\_pot*', [4]],
  ['stranger', 'products', 'name=like(any).{A*,Ö*}', [2, 3]],
  ['stranger', 'products', 'name=like(all).{S*,*a}', [1]],
  ['stranger', 'products', 'name=match.^[A-S]', [1, 2, 4]],
  ['stranger', 'products', 'name=imatch.^s.*(pot|cha)$', [1, 4]],
  ['stranger', 'products', 'name=match.^(?=a)', '2201B'],
  ['stranger', 'products', 'price=gt(any).{100,20}', [3, 4, 5]],
  ['stranger', 'products', 'price=gt(all).{100,20}', [4]],
  ['stranger', 'products', 'notes=cs.{malt}', [2]],
  ['stranger', 'products', 'notes=cd.{malt,sea,grass}', [1, 2, 3]],
  ['stranger', 'products', 'notes=ov.{malt,sea}', [1, 2]],
  ['stranger', 'products', 'sizes=cs.{100}', [1, 2]],
  ['stranger', 'products', 'details=cs.{"origin":{"country":"Japan"}}', [1]],
  ['stranger', 'products', 'details=cs.[3,1]', [3]],
  ['stranger', 'products', 'details->caffeine=gt.40', [2]],
  ['stranger', 'products', 'details->>caffeine=eq.30', [1]],
  ['stranger', 'products', 'details->origin->>country=in.(Japan,China)', [1]],
  ['stranger', 'products', 'details->origin->region=is.null', [3, 4, 5]],
  ['stranger', 'products', 'details->origin->>region=is.null', [2, 3, 4, 5]],
  ['stranger', 'products', 'search=wfts.tea', [1, 2, 4]],
  ['stranger', 'products', 'search=wfts.tea japan -pot', [1]],
  ['stranger', 'products', 'search=wfts."tea from japan"', [1, 4]],
  ['stranger', 'products', 'search=wfts.sencha or assam', [1, 2]],
  ['stranger', 'products', 'search=plfts.SMALL POT', [4, 5]],
  ['stranger', 'products', 'search=fts.pot %26 !old', [4]],
  ['stranger', 'products', 'blurb=phfts.black tea', [2]],
  ['stranger', 'products', 'name=wfts.gre*', []],
  ['stranger', 'products', 'blurb=wfts.gre*', [1]],
  ['stranger', 'products', 'search=wfts.canary', []],
  ['sue', 'products', 'search=wfts.canary', [6]],
  ['stranger', 'products', 'or=(id.eq.1,price.gt.100)', [1, 4]],
  ['stranger', 'products', 'not.or=(id.eq.1,price.gt.100)', [2, 3, 5]],
  ['stranger', 'products', 'and=(id.gt.1,or(name.like.A*,and(stock.gt.2,organic.is.false)))', [2, 3, 4]],
  ['stranger', 'products', 'or=(grams.gt.100,grams.is.null)', [2, 4, 5]],
  ['stranger', 'products', 'not.and=(grams.gt.100,id.lt.9)', [1, 3]],
  ['stranger', 'products', 'or=(name.eq."small pot, old",details->>caffeine.eq.60)', [2, 5]],
  ['stranger', 'products', 'id=gt.1&id=lt.4&price=gt.10', [3]],
  ['sue', 'products', 'margin=gte.20', [4, 5]],
  ['sue', 'products', 'cost=eq.4.35', [2]],
  ['ann', 'products', 'cost=eq.4.35', '42703'],
  ['ann', 'products', 'margin=gte.20', '42703'],
  ['stranger', 'products', 'price=eq.cheap', '22P02'],
  ['stranger', 'products', 'id=eq.99999999999999999999', '22003'],
  ['stranger', 'products', 'name=gtt.a', 'PGRST100'],
  ['stranger', 'products', 'nosuch=eq.1', '42703'],
  ['stranger', 'products', 'sizes=gt.{1}', '42883'],
  ['stranger', 'products', 'price=like.1*', '42883'],
  ['ann', 'customers', 'phone=not.is.null', [1]],
  ['sue', 'customers', 'phone=eq.CANARY', [3]],
  ['sue', 'orders', 'placed_at=gte.2026-11-01T01:00:00%2B01:00&placed_at=lt.2026-11-20', [3, 4]],
]

for (const [as, table, filter, ids] of filters) {
  everyDatabase(
    `${as} asks ${table} for ${filter}: ${typeof ids === 'string' ? `refused with ${ids}` : ids.join(' ') || 'none'}`,
    async ({ ask }) => {
      const answer = told(await ask(asUrl(`${table}?select=id&${filter}`), by(as)))
      expect(answer).toEqual(typeof ids === 'string' ? ids : ids.map((id) => ({ id })))
    },
  )
}

everyDatabase('a long list and a wide tree are as good as short ones', async ({ ask }) => {
  const many = Array.from({ length: 1000 }, (_, at) => at)
  expect(told(await ask(asUrl(`products?select=id&id=in.(${many.join(',')})`)))).toHaveLength(5)
  const wide = many.slice(0, 40).map((at) => `id.eq.${at}`)
  expect(told(await ask(asUrl(`products?select=id&or=(${wide.join(',')})`)))).toHaveLength(5)
  expect(
    told(
      await ask(
        asUrl(
          `products?select=id&name=like(any).{${many
            .slice(0, 19)
            .map((at) => `x${at}*`)
            .join(',')},S*}`,
        ),
      ),
    ),
  ).toEqual([{ id: 1 }, { id: 4 }])
})

everyDatabase('the same question with other values has other answers', async ({ ask }) => {
  const asked = async (value: string) => told(await ask(asUrl(`products?select=id&name=eq.${value}&price=gt.1`)))
  for (const [value, id] of [
    ['Sencha', 1],
    ['Assam', 2],
    ['Öölong', 3],
    ['Sencha', 1],
  ] as const)
    expect(await asked(value)).toEqual([{ id }])
  expect(await asked("x' OR '1'='1")).toEqual([])
  expect(await asked('x"; DROP TABLE products; --')).toEqual([])
})
