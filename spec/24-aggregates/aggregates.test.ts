/** Aggregates and groups: of the rows the asker may read, by columns, by related rows, within embeds. */
import { expect } from 'vitest'
import { by, sentences } from '../shop.ts'
import { everyDatabase } from '../world.ts'

sentences([
  ['the number of all rows that the asker may read', 'stranger', 'products?select=count()', [{ count: 5 }]],
  ['the same for staff', 'sue', 'products?select=count()', [{ count: 6 }]],
  [
    'a column’s number is of its values',
    'stranger',
    'products?select=rows:count(),grams:grams.count(),blurbs:blurb.count()',
    [{ rows: 5, grams: 3, blurbs: 3 }],
  ],
  [
    'sums, averages and ends',
    'stranger',
    'products?select=price.sum(),avg:price.avg()::text,price.min(),price.max(),grams:grams.sum(),first:picked.min(),last:added_at.max()',
    [{ sum: 318.5, avg: '63.70000000', min: 9.9, max: 195.1, grams: 225.6, first: '2026-03-15', last: '2026-06-01T00:00:00.000000+00:00' }],
  ],
  ['of no rows', 'stranger', 'products?select=count(),price.sum(),name.max()&id=gt.99', [{ count: 0, sum: null, max: null }]],
  [
    'groups by a column, in its order',
    'sue',
    'orders?select=status,n:count()',
    [
      { status: 'open', n: 1 },
      { status: 'paid', n: 2 },
      { status: 'shipped', n: 1 },
    ],
  ],
  [
    'groups of what the asker may read only',
    'ann',
    'orders?select=status,n:count()',
    [
      { status: 'open', n: 1 },
      { status: 'shipped', n: 1 },
    ],
  ],
  [
    'groups in the order of an aggregate, ties by the group',
    'sue',
    'orders?select=status,n:count()&order=n.desc',
    [
      { status: 'paid', n: 2 },
      { status: 'open', n: 1 },
      { status: 'shipped', n: 1 },
    ],
  ],
  ['a page of groups', 'sue', 'orders?select=status,n:count()&order=status.desc&limit=1&offset=1', [{ status: 'paid', n: 2 }]],
  [
    'a cast of an aggregate is asked of the groups of the page alone',
    'sue',
    'orders?select=customer_id,first:remark.min()::integer,n:count()&order=n,customer_id&limit=1',
    [{ customer_id: 2, first: null, n: 1 }],
  ],
  [
    'groups by no value too',
    'stranger',
    'products?select=picked,n:count()&order=picked',
    [
      { picked: '2026-03-15', n: 1 },
      { picked: '2026-05-01', n: 1 },
      { picked: null, n: 3 },
    ],
  ],
  [
    'groups by a part of JSON',
    'stranger',
    'products?select=country:details->origin->>country,n:count()',
    [
      { country: 'India', n: 1 },
      { country: 'Japan', n: 1 },
      { country: null, n: 3 },
    ],
  ],
  [
    'groups by a list, in the order of its text',
    'stranger',
    'products?select=notes,n:count()&notes=not.is.null',
    [
      { notes: ['grass', 'sea'], n: 1 },
      { notes: ['malt'], n: 1 },
      { notes: [], n: 1 },
    ],
  ],
  [
    'groups by a cast',
    'stranger',
    'products?select=day:added_at::date,n:count()',
    [
      { day: '2025-01-01', n: 1 },
      { day: '2026-05-20', n: 2 },
      { day: '2026-06-01', n: 2 },
    ],
  ],
  [
    'groups by what is computed',
    'sue',
    'products?select=margin,n:count()&margin=lt.6',
    [
      { margin: 0, n: 1 },
      { margin: 5.5, n: 2 },
      { margin: 5.55, n: 1 },
    ],
  ],
  ['having keeps groups by an output', 'sue', 'orders?select=status,n:count()&having=n.gt.1', [{ status: 'paid', n: 2 }]],
  [
    'having by a group and an aggregate',
    'sue',
    'orders?select=status,n:count()&having=or(status.eq.open,n.gte.2)',
    [
      { status: 'open', n: 1 },
      { status: 'paid', n: 2 },
    ],
  ],
  [
    'having by a sum, with more digits than the column',
    'sue',
    'lines?select=order_id,total:price.sum()&having=total.gt.12.499&order=total.desc',
    [{ order_id: 1, total: 207.6 }],
  ],
  ['having of nothing grouped', 'sue', 'orders?select=n:count()&having=n.gt.99', []],
  ['having by what is not selected', 'sue', 'orders?select=status,n:count()&having=remark.eq.x', '42803'],
  ['having by what is not there at all', 'sue', 'orders?select=status,n:count()&having=nowhere.eq.x', '42803'],
  ['having where nothing is aggregated', 'sue', 'orders?select=id,status&having=id.gt.1', '42803'],
  ['having where only an embed is aggregated', 'sue', 'orders?select=id,lines(count())&having=id.gt.1', '42803'],
  ['ordering groups by what is not selected', 'sue', 'orders?select=status,n:count()&order=remark', '42803'],
  [
    'groups by a related row',
    'sue',
    'orders?select=customer(name),n:count()',
    [
      { customer: { name: 'Ann' }, n: 2 },
      { customer: { name: 'Bob' }, n: 1 },
      { customer: { name: 'CANARY' }, n: 1 },
    ],
  ],
  [
    'groups by a related row and a column',
    'sue',
    'orders?select=status,customer(name),n:count()&order=n.desc,status',
    [
      { status: 'open', customer: { name: 'Ann' }, n: 1 },
      { status: 'paid', customer: { name: 'Bob' }, n: 1 },
      { status: 'paid', customer: { name: 'CANARY' }, n: 1 },
      { status: 'shipped', customer: { name: 'Ann' }, n: 1 },
    ],
  ],
  [
    'groups by a spread',
    'sue',
    'orders?select=...customer(name),n:count()&order=n.desc,customer(name).desc',
    [
      { name: 'Ann', n: 2 },
      { name: 'CANARY', n: 1 },
      { name: 'Bob', n: 1 },
    ],
  ],
  [
    'groups by a spread of a spread',
    'sue',
    'lines?select=q:quantity.sum(),...order(...customer(name))&having=q.gt.2&order=q.desc',
    [
      { q: 99, name: 'CANARY' },
      { q: 13, name: 'Ann' },
    ],
  ],
  ['an aggregate of a related row', 'sue', 'lines?select=...product(dearest:price.max())', [{ dearest: 195.1 }]],
  [
    'an aggregate of related rows',
    'ann',
    'orders?select=id,lines(pieces:quantity.sum(),price.max())',
    [
      { id: 1, lines: [{ pieces: 3, max: 195.1 }] },
      { id: 2, lines: [{ pieces: 10, max: 9.9 }] },
    ],
  ],
  [
    'groups of related rows',
    'sue',
    'customers?select=name,orders(status,n:count())',
    [
      {
        name: 'Ann',
        orders: [
          { status: 'open', n: 1 },
          { status: 'shipped', n: 1 },
        ],
      },
      { name: 'Bob', orders: [{ status: 'paid', n: 1 }] },
      { name: 'CANARY', orders: [{ status: 'paid', n: 1 }] },
    ],
  ],
  [
    'groups of related rows, ordered and paged',
    'sue',
    'customers?select=name,orders(status,n:count())&orders.order=n.desc,status.desc&orders.limit=1&id=lt.3',
    [
      { name: 'Ann', orders: [{ status: 'shipped', n: 1 }] },
      { name: 'Bob', orders: [{ status: 'paid', n: 1 }] },
    ],
  ],
  [
    'the number of related rows, over a join table',
    'stranger',
    'tags?select=name,products(count())',
    [
      { name: 'gift', products: [{ count: 2 }] },
      { name: 'green', products: [{ count: 1 }] },
      { name: 'strong', products: [{ count: 1 }] },
    ],
  ],
  [
    'the number of the one related row',
    'sue',
    'orders?select=id,shipping(n:count())&id=lt.3',
    [
      { id: 1, shipping: { n: 1 } },
      { id: 2, shipping: { n: 0 } },
    ],
  ],
  [
    'groups by their own lists of related rows',
    'stranger',
    'products?select=n:count(),tags(name)',
    [
      { n: 2, tags: [] },
      { n: 1, tags: [{ name: 'gift' }, { name: 'green' }] },
      { n: 1, tags: [{ name: 'gift' }] },
      { n: 1, tags: [{ name: 'strong' }] },
    ],
  ],
  ['an aggregate in a spread of many', 'sue', 'customers?select=name,...orders(count())', 'PGRST127'],
  ['a sum of text', 'sue', 'orders?select=status.sum()', '42883'],
  ['an aggregate of a hidden column', 'ann', 'products?select=cost.sum()', '42703'],
  ['an aggregate of a hidden column, by staff', 'sue', 'products?select=cost.sum()&id=lt.6', [{ sum: 206.85 }]],
  ['groups have no pages by after', 'sue', 'orders?select=status,n:count()&after=', '0A000'],
])

everyDatabase('having says what it is about, and the same of any other name', async ({ ask }) => {
  const refused = async (path: string): Promise<unknown> => {
    const { code, message, hint } = Object((await ask(`/rest/v1/orders?${path}`, by('sue'))).body)
    return { code, message, hint }
  }
  for (const name of ['remark', 'nowhere'])
    expect(await refused(`select=status,n:count()&having=${name}.eq.x`)).toEqual({
      code: '42803',
      message: `There is no output '${name}' that is a value`,
      hint: 'Name what is selected; rows are filtered by their columns.',
    })
  expect(await refused('select=id,status&having=id.gt.1')).toEqual({
    code: '42803',
    message: 'having is about groups, and nothing is aggregated here',
    hint: 'Filter rows by their columns, or select an aggregate such as count().',
  })
})
