/**
 * Each limit on what a request may ask: the setting, the most that is answered and the least that is refused, about the
 * tea shop with the settings of `small`.
 *
 * To add one: a row in `small` and in `limits`, and a line in docs/91-limits.md.
 */
import type { ErrorCode } from '../../src/errors.ts'
import type { SettingName } from '../../src/settings.ts'

/** The limits as they are here, by their names in the environment. */
export const small = {
  PLINTH_MAX_ROWS: '3',
  PLINTH_MAX_COLUMNS: '4',
  PLINTH_MAX_ORDER: '2',
  PLINTH_MAX_EMBED_DEPTH: '2',
  PLINTH_MAX_EMBEDS: '3',
  PLINTH_MAX_FILTERS: '4',
  PLINTH_MAX_LOGIC_DEPTH: '2',
  PLINTH_MAX_LIST_LENGTH: '3',
  PLINTH_MAX_JSON_DEPTH: '3',
} as const

export interface Limit {
  readonly setting: SettingName
  readonly title: string
  /** After `/rest/v1/`: as much as is answered, and what is too much. */
  readonly answered: readonly string[]
  readonly refused: readonly string[]
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
}

const limit = (
  [setting, title]: readonly [SettingName, string],
  { answered, refused }: Pick<Limit, 'answered' | 'refused'>,
  [code, message, hint]: readonly [ErrorCode, string, string],
): Limit => ({ setting, title, answered, refused, code, message, hint })

export const limits: readonly Limit[] = [
  limit(
    ['maxColumns', 'columns are counted in all embeds together, and `*` as one'],
    {
      answered: [
        'products?select=id,name,sku,price',
        'products?select=*,tags(*),predecessors(*)',
        'products?select=*,*,*,*,*,*',
        'products?select=count(),a:id.sum()',
      ],
      refused: [
        'products?select=id,name,sku,price,stock',
        'products?select=id,sku,tags(name,colour),predecessors(id)',
        'nowhere?select=a,b,c,d,e',
      ],
    },
    ['too_complex', 'A request may have 4 columns at most', 'Ask in several requests, or raise PLINTH_MAX_COLUMNS.'],
  ),
  limit(
    ['maxOrder', 'columns to order by are counted in all embeds together'],
    {
      answered: ['products?order=name,id', 'products?select=id,tags(name)&order=name&tags.order=name'],
      refused: [
        'products?order=name,sku,id',
        'products?select=id,tags(name)&order=name,id&tags.order=name',
        'products?order=id,id,id&after=',
      ],
    },
    ['too_complex', 'A request may have 2 columns to order by at most', 'Ask in several requests, or raise PLINTH_MAX_ORDER.'],
  ),
  limit(
    ['maxEmbedDepth', 'embeds may be so deep in each other'],
    {
      answered: ['products?select=tags(products(name))'],
      refused: [
        'products?select=tags(products(tags(name)))',
        'products?select=...successor(...successor(...successor(name)))',
        'nowhere?select=a(b(c(d)))',
      ],
    },
    ['too_deep', 'Embeds may be 2 deep at most', 'Embed less, or raise PLINTH_MAX_EMBED_DEPTH.'],
  ),
  limit(
    ['maxEmbeds', 'there may be so many embeds, wherever they are'],
    {
      answered: ['products?select=a:tags(),b:tags(products(name))'],
      refused: ['products?select=a:tags(),b:tags(),c:tags(products(name))', 'nowhere?select=a(),b(),c(),d()'],
    },
    ['too_complex', 'A request may have 3 embeds at most', 'Ask in several requests, or raise PLINTH_MAX_EMBEDS.'],
  ),
  limit(
    ['maxFilters', 'filters are counted wherever they are: on embeds, in and and or, in having'],
    {
      answered: ['products?id=gt.0&stock=gt.0&or=(id.eq.1,id.eq.2)'],
      refused: [
        'products?id=gt.0&stock=gt.0&or=(id.eq.1,id.eq.2,id.eq.3)',
        'products?select=tags(name)&tags.name=eq.a&tags.or=(name.eq.a,name.eq.b)&id=eq.1&id=eq.2',
        'products?select=organic,n:count()&id=gt.0&id=lt.9&having=(n.gt.0,n.lt.5,n.neq.3)',
      ],
    },
    ['too_complex', 'A request may have 4 filters at most', 'Ask in several requests, or raise PLINTH_MAX_FILTERS.'],
  ),
  limit(
    ['maxLogicDepth', 'and and or may be so deep in each other'],
    {
      answered: ['products?or=(id.eq.1,and(id.eq.2,stock.eq.0))'],
      refused: [
        'products?or=(id.eq.1,and(id.eq.2,or(stock.eq.0)))',
        'products?not.and=(not.or(not.and(id.eq.1)))',
        'products?select=n:count()&having=(or(and(n.gt.1)))',
      ],
    },
    ['too_deep', 'and and or may be nested 2 deep at most', 'Nest less, or raise PLINTH_MAX_LOGIC_DEPTH.'],
  ),
  limit(
    ['maxListLength', 'a list may have so many values'],
    {
      answered: ['products?id=in.(1,2,3)', 'products?name=like(any).{a*,b*,c*}'],
      refused: [
        'products?id=in.(1,2,3,4)',
        'products?id=not.in.(1,1,1,1)',
        'products?name=like(any).{a*,b*,c*,d*}',
        'products?or=(id.in.(1,2,3,4),id.eq.9)',
      ],
    },
    ['too_complex', 'A list of values may have 3 elements at most', 'Ask in several requests, or raise PLINTH_MAX_LIST_LENGTH.'],
  ),
  limit(
    ['maxJsonDepth', 'JSON in a filter may be so deep'],
    {
      answered: [
        'products?details=cs.[[[1]]]',
        'products?details=eq.{"a":[{"b":"[[[[{{{{"}]}',
        'products?name=eq.[[[[',
        'products?details->>origin=eq.[[[[',
      ],
      refused: [
        'products?details=cs.[[[[1]]]]',
        'products?details=cs.[[[[',
        'products?details=not.eq.{"a":{"b":{"c":{}}}}',
        'products?details->origin=cd.[[[[]]]]',
        'products?details=in.(1,"[[[[]]]]")',
      ],
    },
    ['too_deep', 'JSON may be nested 3 deep at most', 'Nest less, or raise PLINTH_MAX_JSON_DEPTH.'],
  ),
]
