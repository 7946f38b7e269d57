/** The spellings of values that we take mean the same to PostgreSQL, and what we refuse it refuses with the same code. */
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Problem } from '../../src/errors.ts'
import type { Type } from '../../src/schema/schema.ts'
import { parseValue } from '../../src/schema/value.ts'

const url = process.env['PLINTH_TEST_POSTGRES']
if (url === undefined) console.log('values.test.ts is skipped: PLINTH_TEST_POSTGRES names no server')

interface Row {
  readonly type: Type
  /** Gives the canonical form as PostgreSQL sees it. */
  readonly sql: string
  readonly given: readonly string[]
}

const stamp = (type: string): string => `to_char($1::text::${type} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')`

const rows: readonly Row[] = [
  {
    type: { kind: 'integer' },
    sql: '$1::text::bigint::text',
    given: ['7', ' +7 ', '-007', '', 'x', '7.0', '1e3', '9223372036854775807', '9223372036854775808', '-9223372036854775808', '1 2'],
  },
  {
    type: { kind: 'decimal', digits: 10, scale: 2 },
    sql: '$1::text::numeric(10,2)::text',
    given: ['1', '.5', '5.', '-0.00', '+0012.30', '1.2e1', '120E-1', '100000000', '99999999.99', '', '.', 'x', '1,5', '1e9'],
  },
  {
    type: { kind: 'boolean' },
    sql: '$1::text::boolean::text',
    given: ['t', 'TRUE', ' tru ', 'y', 'yes', 'on', 'of', 'off', '0', '1', 'n', 'o', '', 'truth', '2'],
  },
  {
    type: { kind: 'timestamp' },
    sql: stamp('timestamptz'),
    given: [
      '2026-11-21T01:15:29.123456Z',
      '2026-11-21 01:15:29',
      '2026-11-21 01:15',
      '2026-11-21',
      '2026-11-21T01:15:29+02',
      '2026-11-21T01:15:29+0230',
      '2026-11-21 01:15:29 -03:30',
      '2026-11-21T01:15:29.1z',
      '2026-11-21T01:15:29.1234567Z',
      '2026-12-31T23:59:59.9999999Z',
      '2026-11-21T24:00:00Z',
      '2026-12-31T23:59:60Z',
      '20261121T011529Z',
      '20261121',
      '2024-02-29',
      '1969-12-31T23:59:59.5Z',
      '0001-01-01',
      '1883-01-01T00:00:00+00:53:28',
      'x',
      '',
      '2026-13-01',
      '2026-02-29',
      '1900-02-29',
      '2026-11-21T25:00:00',
      '2026-11-21T00:60:00',
      '2026-11-21T24:00:01',
      '2026-11-21T23:59:60.5',
      '2026-1-2 3:04:05',
    ],
  },
  {
    type: { kind: 'date' },
    sql: '$1::text::date::text',
    given: ['2026-11-21', '20261121', '2026-1-2', '2026-11-21T23:59:59-05:00', '2026-02-30', '', 'x'],
  },
  {
    type: { kind: 'time' },
    sql: '$1::text::time::text',
    given: ['01:15:29', '1:15', '01:15:29.500', '01:15:29.000', '24:00:00', '24:00:01', '25:00', '23:59:59.9999999', 'x', ''],
  },
  {
    type: { kind: 'uuid' },
    sql: '$1::text::uuid::text',
    given: [
      '0197A000-0000-7000-8000-00000000000a',
      '{0197a000-0000-7000-8000-00000000000a}',
      '0197a00000007000800000000000000a',
      '0197-a000-0000-7000-8000-0000-0000-000a',
      '0197a0-00000070008000-00000000000a',
      '',
      'x',
    ],
  },
  {
    type: { kind: 'array', of: { kind: 'text' } },
    sql: 'array_to_json($1::text::text[])::text',
    given: ['{}', '{a,"b,c",NULL,"NULL"}', '{ a b , "x\\"y" }', '{""}', '{a,}', '{,a}', '{a', 'a}', '{a}b', '{a\\,b,null}'],
  },
]

describe.skipIf(url === undefined)('PostgreSQL understands a value as we do', () => {
  const client = new Client({ connectionString: url })
  beforeAll(async () => {
    await client.connect()
    await client.query("set timezone = 'UTC'")
  })
  afterAll(() => client.end())

  for (const { type, sql, given } of rows) {
    for (const one of given) {
      test(`${type.kind} ${JSON.stringify(one)}`, async () => expect(ours(type, one)).toBe(await theirs(client, sql, one)))
    }
  }
})

function ours(type: Type, given: string): string {
  try {
    const value = parseValue(type, given)
    return Array.isArray(value) ? JSON.stringify(value) : String(value)
  } catch (error) {
    return error instanceof Problem ? error.code : String(error)
  }
}

async function theirs(client: Client, sql: string, given: string): Promise<string> {
  try {
    const {
      rows: [row],
    } = await client.query<{ value: string }>(`select ${sql} as value`, [given])
    return String(row?.value)
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}
