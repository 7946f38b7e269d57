import { describe, expect, test } from 'vitest'
import { Problem } from '../errors.ts'
import type { Ask } from '../query/ask.ts'
import type { Column, ForeignKey, Schema, Table, Type } from '../schema/schema.ts'
import { importRows, type Reject } from './import.ts'
import { inFillingOrder } from './order.ts'
import { runSeed, type SeedStore } from './seed.ts'
import type { Format, Source } from './rows.ts'

const column = (name: string, type: Type, more: Partial<Column> = {}): Column => ({
  name,
  type,
  optional: true,
  hidden: false,
  unique: false,
  touched: false,
  ...more,
})

function table(name: string, columns: readonly Column[], refers: readonly string[] = []): Table {
  const foreignKeys = refers.map((to): ForeignKey => ({
    name: `${name}_${to}_fkey`,
    columns: ['parent_id'],
    table: to,
    target: ['id'],
    onDelete: 'restrict',
  }))
  return {
    name,
    key: ['id'],
    columns: new Map(columns.map((one) => [one.name, one])),
    relations: new Map(),
    foreignKeys,
    uniques: [],
    indexes: [],
    checks: [],
    search: [],
  }
}

const things = table('things', [
  column('id', { kind: 'integer' }),
  column('name', { kind: 'text' }),
  column('price', { kind: 'decimal', digits: 10, scale: 2 }),
  column('data', { kind: 'json' }),
  column('on', { kind: 'boolean' }),
  column('shout', { kind: 'text' }, { generated: { kind: 'column', name: 'name', type: { kind: 'text' } } }),
])
const nodes = table('nodes', [column('id', { kind: 'integer' }), column('parent_id', { kind: 'integer' })], ['nodes'])
const schema: Schema = {
  tables: new Map([
    ['things', things],
    ['nodes', nodes],
  ]),
  access: new Map(),
  functions: new Map(),
}

/** A table of its own: ids are unique, a name may not be `bad`, and a parent must be there. */
function world(): { ask: Ask; rows: Record<string, unknown>[]; batches: number[] } {
  const rows: Record<string, unknown>[] = []
  const batches: number[] = []
  const ask: Ask = (question) => {
    if (question.query.kind !== 'insert') throw new Error('only inserts are asked')
    const { columns } = question.query
    const given = (question.values[0] as unknown[][]).map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])))
    const all = [...rows, ...given]
    for (const row of given) {
      if (row.name === 'bad') throw new Problem('23514', 'no bad names')
      if (all.filter((other) => other.id === row.id).length > 1) throw new Problem('23505', 'this id is there')
      if (row.parent_id != null && !all.some((other) => other.id === row.parent_id)) throw new Problem('23503', 'no such parent')
      if (row.name === 'broken') throw new Problem('08006', 'gone')
    }
    rows.push(...given)
    batches.push(given.length)
    return { kind: 'written', inserted: given.length, count: given.length }
  }
  return { ask, rows, batches }
}

/** In pieces of three bytes, so that every boundary is met. */
async function* pieces(text: string | Uint8Array): Source {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 3) yield bytes.subarray(at, at + 3)
}

async function bring(text: string | Uint8Array, format: Format, name = 'things', batch?: number) {
  const { ask, rows, batches } = world()
  const rejects: Reject[] = []
  const counts = await importRows({
    ask,
    schema,
    table: name,
    source: pieces(text),
    format,
    batch,
    onReject: (reject) => void rejects.push(reject),
  })
  return { ...counts, rows, batches, rejects: rejects.map((one) => [one.line, one.problem.code]), said: rejects.map((one) => one.row) }
}

describe('CSV', () => {
  test('an empty field is NULL, a quoted empty one is empty text, and all else is text as it came', async () => {
    const { rows } = await bring('\ufeffid,name,price\r\n1,,12.50\r\n2,"",0\r\n3,"a ""b"", ü\r\nc",\r\n', 'csv')
    expect(rows).toEqual([
      { id: '1', name: null, price: '12.50' },
      { id: '2', name: '', price: '0' },
      { id: '3', name: 'a "b", ü\r\nc', price: null },
    ])
  })

  test('a column that is not there is an error that names the nearest', async () => {
    await expect(bring('id,nmae\n1,x\n', 'csv')).rejects.toMatchObject({ code: '42703', hint: 'Did you mean "name"?' })
  })

  test('a computed column cannot be filled', async () => {
    await expect(bring('id,shout\n1,x\n', 'csv')).rejects.toThrow(/computed/)
  })

  test('each bad row is reported by the line it begins on, and all others go in', async () => {
    const text = 'id,name\n1,ok\n2,bad\n\n3,"two\nlines"\n4\n1,twice\n5,bad\n6,ok\n'
    const { rejects, rows, read, inserted, rejected } = await bring(text, 'csv')
    expect(rejects).toEqual([
      [3, '23514'],
      [7, 'PGRST102'],
      [8, '23505'],
      [9, '23514'],
    ])
    expect(rows.map((row) => row.id)).toEqual(['1', '3', '6'])
    expect({ read, inserted, rejected }).toEqual({ read: 7, inserted: 3, rejected: 4 })
  })

  test('a broken quote ends the reading and says the line', async () => {
    await expect(bring('id,name\n1,"a"b\n2,c\n', 'csv')).rejects.toThrow('at line 2')
    await expect(bring('id,name\n1,"a\n2,c\n', 'csv')).rejects.toMatchObject({ code: 'PGRST102' })
  })

  test('what is whole before a broken quote goes in, and is counted', async () => {
    const { ask, rows } = world()
    const rejects: number[] = []
    const ended: unknown[] = []
    const text = 'id,parent_id\n2,1\n1,\n3,9\n4\n5,"a"b\n6,\n'
    const source = (async function* () {
      yield Buffer.from(text)
    })()
    const work = importRows({
      ask,
      schema,
      table: 'nodes',
      source,
      format: 'csv',
      onReject: ({ line }) => void rejects.push(line),
      onEnd: (counts) => void ended.push(counts),
    })
    await expect(work).rejects.toThrow('at line 6')
    expect(new Set(rows.map((row) => row.id))).toEqual(new Set(['1', '2']))
    expect(rejects).toEqual([5, 4])
    expect(ended).toEqual([{ read: 4, inserted: 2, rejected: 2 }])
  })

  test('a reject holds what the file said, also where its fields do not fit the columns', async () => {
    expect((await bring('id,name\n1,bad\n2\n3,x,y\n', 'csv')).said).toEqual([{ id: '1', name: 'bad' }, ['2'], ['3', 'x', 'y']])
    expect((await bring('{"id":1,"name":"bad"}\n[1]\n', 'ndjson')).said).toEqual([{ id: '1', name: 'bad' }, '[1]'])
  })

  test.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('a file with %s instead of commas is refused with that reason', async (name, delimiter) => {
    await expect(bring(`id${delimiter}name\n1${delimiter}x\n`, 'csv')).rejects.toThrow(name)
  })

  test('an empty file and a file in another encoding are refused', async () => {
    await expect(bring('', 'csv')).rejects.toThrow(/empty/)
    await expect(bring(Buffer.from('id,name\n1,M\xfcller\n', 'latin1'), 'csv')).rejects.toMatchObject({ code: '22021' })
  })

  test('rows go in in batches, in their order', async () => {
    const text = `id\n${Array.from({ length: 25 }, (_, at) => at).join('\n')}`
    const { batches, rows } = await bring(text, 'csv', 'things', 10)
    expect(batches).toEqual([10, 10, 5])
    expect(rows.map((row) => Number(row.id))).toEqual(Array.from({ length: 25 }, (_, at) => at))
  })

  test('a row may come before the row of the same table that it refers to', async () => {
    const { rows, rejects } = await bring('id,parent_id\n3,2\n2,1\n1,\n4,9\n', 'csv', 'nodes', 1)
    expect(rows.map((row) => row.id)).toEqual(['1', '3', '2'])
    expect(rejects).toEqual([[5, '23503']])
  })

  test('a database that is gone ends the import', async () => {
    await expect(bring('id,name\n1,broken\n', 'csv')).rejects.toMatchObject({ code: '08006' })
  })
})

describe('NDJSON', () => {
  test('numbers and JSON columns keep every digit, and what is not said asks for the default', async () => {
    const lines = [
      '{"id": 9007199254740993, "price":195.10, "data": {"b" : [1.0, "}"], "a":null}}',
      '',
      ' {"name":"a\\"b\\u00fc","on":true,"id":2,"data":"x"} ',
      '{"id":null}',
    ]
    const { rows } = await bring(lines.join('\r\n'), 'ndjson')
    expect(rows).toEqual([
      { id: '9007199254740993', price: '195.10', data: '{"b" : [1.0, "}"], "a":null}', name: undefined, on: undefined },
      { id: '2', price: undefined, data: '"x"', name: 'a"bü', on: true },
      { id: null, price: undefined, data: undefined, name: undefined, on: undefined },
    ])
  })

  test('a line that is no object, or has an unknown member, is a reject', async () => {
    const { rejects, inserted } = await bring('{"id":1}\n[1]\n{"id":\n{"idd":2}\n{"id":3}', 'ndjson')
    expect(rejects).toEqual([
      [2, 'PGRST102'],
      [3, 'PGRST102'],
      [4, '42703'],
    ])
    expect(inserted).toBe(2)
  })
})

test('tables are filled after those they refer to, circles or not', () => {
  const wide: Schema = {
    access: new Map(),
    functions: new Map(),
    tables: new Map(
      [
        table('lines', [], ['orders', 'products']),
        table('orders', [], ['customers']),
        table('customers', [], ['orders', 'customers']),
        table('products', []),
      ].map((one) => [one.name, one]),
    ),
  }
  expect(inFillingOrder(wide, ['lines', 'orders', 'customers', 'products'])).toEqual(['customers', 'orders', 'products', 'lines'])
  expect(inFillingOrder(wide, ['lines', 'products'])).toEqual(['products', 'lines'])
})

describe('Seeding', () => {
  function store(): SeedStore & { mark: string | undefined; emptied: (readonly string[])[] } {
    const made = {
      mark: undefined as string | undefined, // widened: it is set later
      emptied: [] as (readonly string[])[], // widened: filled later
      read: async () => made.mark,
      write: async (mark: string) => void (made.mark = mark),
      empty: async (tables: readonly string[]) => void made.emptied.push(tables),
    }
    return made
  }

  test('a seed runs once, on a fresh database only', async () => {
    const { ask, rows, batches } = world()
    const kept = store()
    const seed = async ({ insert }: { insert: (table: string, rows: Iterable<object>) => Promise<number> }): Promise<void> => {
      await insert(
        'things',
        Array.from({ length: 7500 }, (_, id) => (id < 2 ? { id } : { id, name: 'x' })),
      )
    }
    const common = { seed, schema, ask, store: kept }
    expect(await runSeed({ ...common, fresh: false })).toBeUndefined()
    expect(await runSeed({ ...common, fresh: true })).toBe(7500)
    expect(await runSeed({ ...common, fresh: true })).toBeUndefined()
    expect(batches).toEqual([5000, 2500])
    expect(rows[0]).toEqual({ id: 0, name: undefined })
    expect(kept.emptied).toEqual([])
  })

  test('a seed that was cut off is begun anew, on emptied tables', async () => {
    const kept = store()
    const stop = new Problem('08006', 'gone')
    const first = runSeed({
      schema,
      ask: world().ask,
      store: kept,
      fresh: true,
      seed: async ({ insert }) => {
        await insert('nodes', [{ id: 1 }])
        await insert('things', [{ id: 2 }])
        throw stop
      },
    })
    await expect(first).rejects.toBe(stop)
    const again = await runSeed({
      schema,
      ask: world().ask,
      store: kept,
      fresh: false,
      seed: async ({ insert }) => void (await insert('things', [{ id: 1 }])),
    })
    expect(again).toBe(1)
    expect(kept.emptied).toEqual([['things', 'nodes']])
  })

  test('a row that is refused ends the seed and is named', async () => {
    const seed = runSeed({
      schema,
      ask: world().ask,
      store: store(),
      fresh: true,
      seed: async ({ insert }) => void (await insert('things', [{ id: 1 }, { id: 2, name: 'bad' }])),
    })
    await expect(seed).rejects.toThrow('Seeding "things" stopped at its row 2: no bad names')
  })

  test('a seed that does not wait for its inserts is waited for, in their order, before it is marked as done', async () => {
    const { ask, rows } = world()
    const kept = store()
    const rest = async function* (): AsyncIterable<object> {
      await new Promise((resolve) => setTimeout(resolve, 5))
      yield { id: 1 }
    }
    const seed = async ({ insert }: Parameters<Parameters<typeof runSeed>[0]['seed']>[0]): Promise<void> => {
      void insert('nodes', rest())
      void insert('nodes', [{ id: 2, parent_id: 1 }])
    }
    expect(await runSeed({ schema, ask, store: kept, fresh: true, seed })).toBe(2)
    expect(rows.map((row) => row.id)).toEqual([1, 2])
    expect(kept.mark).toContain('done')
  })

  test('a bad row of an insert that was not waited for ends the seed all the same', async () => {
    const kept = store()
    const seed = runSeed({
      schema,
      ask: world().ask,
      store: kept,
      fresh: true,
      seed: async ({ insert }) => void (insert('things', [{ id: 1, name: 'bad' }]), insert('things', [{ id: 2 }])),
    })
    await expect(seed).rejects.toThrow('Seeding "things" stopped at its row 1')
    expect(kept.mark).toContain('running')
  })

  test('rows may come from a generator that inserts others itself', async () => {
    const { ask, rows } = world()
    const seed = async ({ insert }: Parameters<Parameters<typeof runSeed>[0]['seed']>[0]): Promise<void> => {
      const children = async function* (): AsyncIterable<object> {
        await insert('nodes', [{ id: 1 }])
        yield { id: 2, parent_id: 1 }
      }
      await insert('nodes', children())
    }
    expect(await runSeed({ schema, ask, store: store(), fresh: true, seed })).toBe(2)
    expect(rows.map((row) => row.id)).toEqual([1, 2])
  })
})
