/** Aggregates and grouping. */
import { answered, refused, type Row } from '../row.ts'

export const aggregateFunctions: readonly Row[] = [
  answered('sum', '/sales?select=amount.sum()', [{ sum: 645.03 }]),
  answered('avg', '/sales?select=amount.avg()', [{ avg: 161.2575 }]),
  answered('min', '/sales?select=amount.min(),first:order_date.min()', [{ min: 0.1, first: '2023-09-01' }]),
  answered('max', '/sales?select=amount.max(),last:order_date.max()', [{ max: 329.71, last: '2023-09-03' }]),
  answered('count of a column', '/sales?select=observation.count()', [{ count: 2 }]),
  answered('several aggregates, renamed', '/sales?select=total:amount.sum(),highest:amount.max(),n:count()', [
    { total: 645.03, highest: 329.71, n: 4 },
  ]),
  answered('aggregates with filters and order', '/sales?select=order_date,amount.sum()&amount=gt.1&order=order_date.desc', [
    { order_date: '2023-09-02', sum: 100 },
    { order_date: '2023-09-01', sum: 544.93 },
  ]),
  answered('grouping', '/sales?select=amount.sum(),amount.max(),order_date&order=order_date', [
    { sum: 544.93, max: 329.71, order_date: '2023-09-01' },
    { sum: 100, max: 100, order_date: '2023-09-02' },
    { sum: 0.1, max: 0.1, order_date: '2023-09-03' },
  ]),
  answered('count of rows', '/sales?select=count(),observation_count:observation.count(),order_date&order=order_date', [
    { count: 2, observation_count: 1, order_date: '2023-09-01' },
    { count: 1, observation_count: 0, order_date: '2023-09-02' },
    { count: 1, observation_count: 1, order_date: '2023-09-03' },
  ]),
  answered('count without parentheses', '/sales?select=count', [{ count: 4 }]),
  answered('count without parentheses', '/customers?select=name,sales(count)', [
    { name: 'Customer A', sales: [{ count: 2 }] },
    { name: 'Customer B', sales: [{ count: 2 }] },
    { name: 'Customer C', sales: [{ count: 0 }] },
  ]),
  answered('cast of the column', '/sales?select=order_details->tax_amount::numeric.sum()', [{ sum: 14.5 }]),
  answered('cast of the column', '/sales?select=order_details->>tax_amount::numeric.sum()', [{ sum: 14.5 }]),
  answered('cast of the aggregate', '/sales?select=amount.avg()::int,amount.sum()::text', [{ avg: 161, sum: '645.03' }]),
  answered('cast of both', '/sales?select=tax:order_details->tax_amount::numeric.max()::text', [{ tax: '10.5' }]),
  answered('grouping by an embed', '/sales?select=amount.sum(),customers(name)', [
    { sum: 315.22, customers: { name: 'Customer A' } },
    { sum: 329.81, customers: { name: 'Customer B' } },
  ]),
  answered('grouping by an embed that is to many', '/directors?select=count(),films(language)&id=lte.3&order=count', [
    { count: 1, films: [{ language: 'english' }] },
    { count: 2, films: [{ language: null }] },
  ]),
  answered('grouping by a spread', '/sales?select=amount.sum(),...customers(name)', [
    { sum: 315.22, name: 'Customer A' },
    { sum: 329.81, name: 'Customer B' },
  ]),
  answered('grouping by a spread', '/sales?select=n:count(),...customers(who:name)&order=customers(who).desc', [
    { n: 2, who: 'Customer B' },
    { n: 2, who: 'Customer A' },
  ]),
  answered('aggregates inside embeds', '/customers?select=name,sales(amount.sum(),order_date)&id=lt.3&sales.order=order_date', [
    {
      name: 'Customer A',
      sales: [
        { sum: 215.22, order_date: '2023-09-01' },
        { sum: 100, order_date: '2023-09-02' },
      ],
    },
    {
      name: 'Customer B',
      sales: [
        { sum: 329.71, order_date: '2023-09-01' },
        { sum: 0.1, order_date: '2023-09-03' },
      ],
    },
  ]),
  answered(
    'aggregates in a spread to one',
    '/sales?select=order_date,...customers(subscription_date.max(),subscription_date.min())&order=order_date',
    [
      { order_date: '2023-09-01', max: '2016-02-11', min: '2013-10-01' },
      { order_date: '2023-09-02', max: '2013-10-01', min: '2013-10-01' },
      { order_date: '2023-09-03', max: '2016-02-11', min: '2016-02-11' },
    ],
  ),
  refused('aggregates in a spread to many', '/customers?select=name,...sales(amount.sum())', 400, 'PGRST127'),
]
