import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Problem } from '../errors.ts'
import type { ScalarType, Type } from './schema.ts'
import { describeType, parseDecimal, parseValue, printValue, typeFromCast, type CastType } from './value.ts'

const price: ScalarType = { kind: 'decimal', digits: 10, scale: 2 }
const of = (kind: Exclude<ScalarType['kind'], 'decimal'> | 'json'): Type => ({ kind })
const list = (element: ScalarType): Type => ({ kind: 'array', of: element })

const shown = (value: unknown): string => inspect(value, { breakLength: Infinity, maxStringLength: 40 })

/** What was given → the canonical form. */
function table(type: CastType, rows: readonly (readonly [given: unknown, wanted: unknown])[]): void {
  for (const [given, wanted] of rows) {
    test(`${describeType(type)} takes ${shown(given)} as ${shown(wanted)}`, () => expect(parseValue(type, given)).toStrictEqual(wanted))
  }
}

/** What was given → the code it is refused with. */
function refused(type: CastType, rows: readonly (readonly [given: unknown, code: string])[]): void {
  for (const [given, code] of rows) {
    test(`${describeType(type)} refuses ${shown(given)} with ${code}`, () => expect(codeOf(() => parseValue(type, given))).toBe(code))
  }
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return error instanceof Problem ? error.code : String(error)
  }
  return 'taken'
}

describe('text', () => {
  table(of('text'), [
    ['', ''],
    [' Ann ', ' Ann '],
    ['😀', '😀'],
    [5, '5'],
    [true, 'true'],
  ])
  refused(of('text'), [
    ['a\0b', '22021'],
    ['\ud800', '22021'],
    [{}, '22P02'],
    [['a'], '22P02'],
  ])
})

describe('integers', () => {
  table(of('integer'), [
    [7, 7n],
    [-7, -7n],
    [7n, 7n],
    ['7', 7n],
    [' +7\n', 7n],
    ['-007', -7n],
    ['9223372036854775807', 2n ** 63n - 1n],
    ['-9223372036854775808', -(2n ** 63n)],
    [Number.MAX_SAFE_INTEGER, 2n ** 53n - 1n],
  ])
  refused(of('integer'), [
    ['', '22P02'],
    ['7.0', '22P02'],
    [2.5, '22P02'],
    ['1e3', '22P02'],
    ['0x10', '22P02'],
    ['７', '22P02'],
    [true, '22P02'],
    [[7], '22P02'],
    ['9223372036854775808', '22003'],
    [2n ** 63n, '22003'],
    [2 ** 53, '22003'],
    [Infinity, '22003'],
    [NaN, '22003'],
    ['9'.repeat(3000), '22003'],
  ])

  test('a number too large to be exact is to be sent as a string', () => {
    expect(() => parseValue(of('integer'), 2 ** 60)).toThrow(expect.objectContaining({ hint: expect.stringContaining('string') }))
  })
})

describe('decimals', () => {
  table(price, [
    [195.1, '195.10'],
    ['195.1', '195.10'],
    [0.1, '0.10'],
    [-0, '0.00'],
    ['-0.00', '0.00'],
    ['-0.05', '-0.05'],
    ['.5', '0.50'],
    ['5.', '5.00'],
    ['+0012.30', '12.30'],
    ['1.2300', '1.23'],
    ['1.2e1', '12.00'],
    ['120E-1', '12.00'],
    [1e-2, '0.01'],
    ['99999999.99', '99999999.99'],
    [' 1 ', '1.00'],
    [12n, '12.00'],
  ])
  table({ kind: 'decimal', digits: 5, scale: 0 }, [
    ['12', '12'],
    ['12.0', '12'],
    [-3, '-3'],
  ])
  table({ kind: 'decimal', digits: 2, scale: 2 }, [
    ['.99', '0.99'],
    ['0', '0.00'],
  ])
  refused(price, [
    ['1.234', '22003'],
    ['100000000', '22003'],
    [1e21, '22003'],
    ['1e999999999', '22003'],
    ['1e-999999999', '22003'],
    [0.1 + 0.2, '22003'],
    ['', '22P02'],
    ['.', '22P02'],
    ['NaN', '22P02'],
    ['Infinity', '22P02'],
    ['1,5', '22P02'],
    ['1 2', '22P02'],
    [null, '22P02'],
    [true, '22P02'],
  ])
  table({ kind: 'numeric' }, [
    ['1.50', '1.50'],
    ['1e3', '1000'],
    ['-0', '0'],
    [1e-7, '0.0000001'],
  ])

  test('a filter keeps every digit it was given', () => {
    expect(parseDecimal('-1.50')).toStrictEqual({ digits: -150n, scale: 2 })
    expect(parseDecimal(1e21)).toStrictEqual({ digits: 10n ** 21n, scale: 0 })
  })

  test('every amount of cents comes back as it went', () => {
    fc.assert(
      fc.property(fc.bigInt(-9_999_999_999n, 9_999_999_999n), (cents) => {
        const digits = String(cents < 0n ? -cents : cents).padStart(3, '0')
        const text = `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
        expect(parseValue(price, text)).toBe(text)
        expect(parseDecimal(text).digits).toBe(cents)
      }),
    )
  })
})

describe('floats', () => {
  table(of('float'), [
    [0.1, 0.1],
    ['0.1', 0.1],
    [-0, 0],
    ['-0', 0],
    ['1e300', 1e300],
    [' 5. ', 5],
    ['5e-324', 5e-324],
    [3n, 3],
  ])
  refused(of('float'), [
    [NaN, '22P02'],
    ['NaN', '22P02'],
    [Infinity, '22003'],
    ['Infinity', '22P02'],
    ['1e309', '22003'],
    ['1e-400', '22003'],
    ['', '22P02'],
    ['0x1', '22P02'],
  ])

  test('they are printed as ECMAScript prints them', () => {
    expect([1, 0.1, 1e21, 1e-7, 123456789012345680000].map((value) => printValue(of('float'), value))).toStrictEqual([
      '1',
      '0.1',
      '1e+21',
      '1e-7',
      '123456789012345680000',
    ])
  })
})

describe('booleans', () => {
  table(of('boolean'), [
    [true, true],
    ['t', true],
    [' TRUE ', true],
    ['yes', true],
    ['y', true],
    ['on', true],
    ['1', true],
    [1, true],
    [false, false],
    ['f', false],
    ['no', false],
    ['off', false],
    ['of', false],
    ['0', false],
    [0, false],
  ])
  refused(of('boolean'), [
    ['o', '22P02'],
    ['', '22P02'],
    ['truth', '22P02'],
    [2, '22P02'],
    ['10', '22P02'],
  ])
})

describe('timestamps', () => {
  table(of('timestamp'), [
    ['2026-11-21T01:15:29.123456Z', '2026-11-21T01:15:29.123456+00:00'],
    ['2026-11-21 01:15:29', '2026-11-21T01:15:29.000000+00:00'],
    ['2026-11-21 01:15', '2026-11-21T01:15:00.000000+00:00'],
    ['2026-11-21', '2026-11-21T00:00:00.000000+00:00'],
    ['2026-11-21T01:15:29+02', '2026-11-20T23:15:29.000000+00:00'],
    ['2026-11-21T01:15:29+0200', '2026-11-20T23:15:29.000000+00:00'],
    ['2026-11-21T01:15:29 -03:30', '2026-11-21T04:45:29.000000+00:00'],
    ['2026-11-21T01:15:29.1z', '2026-11-21T01:15:29.100000+00:00'],
    ['2026-11-21T01:15:29.1234565Z', '2026-11-21T01:15:29.123457+00:00'],
    ['2026-12-31T23:59:59.9999995Z', '2027-01-01T00:00:00.000000+00:00'],
    ['2026-11-21T24:00:00Z', '2026-11-22T00:00:00.000000+00:00'],
    ['2026-12-31T23:59:60Z', '2027-01-01T00:00:00.000000+00:00'],
    ['20261121T011529Z', '2026-11-21T01:15:29.000000+00:00'],
    ['2024-02-29', '2024-02-29T00:00:00.000000+00:00'],
    ['0001-01-01', '0001-01-01T00:00:00.000000+00:00'],
    ['9999-12-31 23:59:59.999999', '9999-12-31T23:59:59.999999+00:00'],
    ['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59.500000+00:00'],
    [new Date('2026-11-21T01:15:29.123Z'), '2026-11-21T01:15:29.123000+00:00'],
  ])
  refused(of('timestamp'), [
    ['', '22007'],
    ['yesterday', '22007'],
    ['21.11.2026', '22007'],
    ['2026-11-21T01:15:29 Europe/Oslo', '22007'],
    [1700000000, '22007'],
    [new Date('no'), '22007'],
    ['2026-13-01', '22008'],
    ['2026-02-29', '22008'],
    ['1900-02-29', '22008'],
    ['2026-11-21T25:00:00', '22008'],
    ['2026-11-21T00:60:00', '22008'],
    ['2026-11-21T24:00:01', '22008'],
    ['0000-01-01', '22008'],
    ['10000-01-01', '22008'],
    ['0001-01-01T00:00+01', '22008'],
    ['9999-12-31T23:59:60', '22008'],
    ['infinity', '22008'],
    ['2026-11-21T00:00+16:00', '22008'],
  ])

  test('every instant of `Date` is the same instant', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        (date) => {
          expect(parseValue(of('timestamp'), date.toISOString())).toBe(date.toISOString().replace('Z', '000+00:00'))
        },
      ),
    )
  })
})

describe('dates and times of day', () => {
  table(of('date'), [
    ['2026-11-21', '2026-11-21'],
    ['20261121', '2026-11-21'],
    ['2026-1-2', '2026-01-02'],
    ['2026-11-21T23:59:59-05:00', '2026-11-21'],
    [new Date('2026-11-21T23:00:00Z'), '2026-11-21'],
  ])
  refused(of('date'), [
    ['2026-02-30', '22008'],
    ['tomorrow', '22007'],
    ['', '22007'],
    [20261121, '22007'],
  ])
  table(of('time'), [
    ['01:15:29', '01:15:29'],
    ['1:15', '01:15:00'],
    ['01:15:29.500', '01:15:29.5'],
    ['01:15:29.000', '01:15:29'],
    ['23:59:59.9999999', '24:00:00'],
    ['24:00:00', '24:00:00'],
    ['01:15:29.000001', '01:15:29.000001'],
  ])
  refused(of('time'), [
    ['25:00', '22008'],
    ['24:00:01', '22008'],
    ['noon', '22007'],
    ['01:15:29+02', '22007'],
    [12, '22007'],
  ])
})

describe('JSON', () => {
  table(of('json'), [
    ['{"b": 1, "a" : [ true, null ]}', '{"b":1,"a":[true,null]}'],
    ['1.00', '1.00'],
    ['12345678901234567890.123', '12345678901234567890.123'],
    ['{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
    ['"\\u0041\\/"', '"A/"'],
    ['{"a":1,"\\u0061":2}', '{"a":2}'],
    ['""', '""'],
    [{ a: [1, 'x'] }, '{"a":[1,"x"]}'],
    [5, '5'],
    [false, 'false'],
    ['  {}  ', '{}'],
    ['[]', '[]'],
    ['{"__proto__":1}', '{"__proto__":1}'],
  ])
  refused(of('json'), [
    ['', '22P02'],
    ['{', '22P02'],
    ['[1,]', '22P02'],
    ['{"a"}', '22P02'],
    ["{'a':1}", '22P02'],
    ['01', '22P02'],
    ['nul', '22P02'],
    ['1 2', '22P02'],
    ['"\t"', '22P02'],
    ['['.repeat(600), '22P02'],
    [undefined, '22P02'],
    [1n, '22P02'],
    ['"\\u0000"', '22021'],
    ['"\\ud800"', '22021'],
    ['1e5000', '22003'],
  ])

  test('any JSON value comes through as it is', () => {
    fc.assert(
      fc.property(
        fc.json({ noUnicodeString: false }).filter((text) => !text.includes('\\u0000') && !text.includes('\\ud')),
        (text) => {
          expect(JSON.parse(String(parseValue(of('json'), text)))).toStrictEqual(JSON.parse(text))
        },
      ),
    )
  })
})

describe('UUIDs and bytes', () => {
  const id = '0197a000-0000-7000-8000-00000000000a'
  table(of('uuid'), [
    [id, id],
    [id.toUpperCase(), id],
    [`{${id}}`, id],
    [id.replaceAll('-', ''), id],
  ])
  refused(of('uuid'), [
    ['', '22P02'],
    [`${id}0`, '22P02'],
    [id.slice(1), '22P02'],
    ['0197a0-00000070008000-00000000000a', '22P02'],
    [5, '22P02'],
  ])
  table(of('bytes'), [
    ['U2VuY2hh', new TextEncoder().encode('Sencha')],
    ['U2U=', new TextEncoder().encode('Se')],
    ['U2U', new TextEncoder().encode('Se')],
    ['', new Uint8Array()],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
  ])
  refused(of('bytes'), [
    ['U', '22P02'],
    ['U2U==', '22P02'],
    ['U2U\n', '22P02'],
    ['_-==', '22P02'],
    [[1], '22P02'],
  ])
})

describe('texts that are too long for a time', () => {
  for (const kind of ['timestamp', 'date', 'time'] as const) refused(of(kind), [['1'.repeat(101), '22007']])
  table(of('date'), [[`${' '.repeat(200)}2020-01-01${' '.repeat(200)}`, '2020-01-01']])
})

describe('arrays', () => {
  table(list({ kind: 'text' }), [
    [
      ['a', null, ''],
      ['a', null, ''],
    ],
    ['{a,"b,c",NULL,"NULL"}', ['a', 'b,c', null, 'NULL']],
    ['{}', []],
    ['{ a b ,"x\\"\\\\y"}', ['a b', 'x"\\y']],
    ['["a", null]', ['a', null]],
    ['[]', []],
    ['{"a\nb"}', ['a\nb']],
    ['{""}', ['']],
    ['{a\\ , b\\\\ }', ['a ', 'b\\']],
    [' { null , nul\\l , "a" }\n', [null, 'null', 'a']],
  ])
  table(list({ kind: 'integer' }), [
    ['[9007199254740993, 2]', [9007199254740993n, 2n]],
    ['{1, 2}', [1n, 2n]],
    [
      [1, '2'],
      [1n, 2n],
    ],
  ])
  refused(list({ kind: 'integer' }), [
    ['{1,x}', '22P02'],
    ['{{1}}', '22P02'],
    ['[[1]]', '22P02'],
    ['{1', '22P02'],
    ['{1,}', '22P02'],
    ['{,1}', '22P02'],
    ['{ ,1}', '22P02'],
    ['1', '22P02'],
    [1, '22P02'],
    ['{1}}', '22P02'],
    [[[1]], '22P02'],
  ])
})

describe('on the wire', () => {
  test.each<[Type, unknown, string]>([
    [of('text'), 'a"b', '"a\\"b"'],
    [of('integer'), '9007199254740993', '9007199254740993'],
    [price, 1, '1.00'],
    [of('boolean'), 'f', 'false'],
    [of('date'), '2026-11-21', '"2026-11-21"'],
    [of('json'), '{"a": 1.0}', '{"a":1.0}'],
    [of('bytes'), 'U2U', '"U2U="'],
    [list(price), [1, null], '[1.00,null]'],
  ])('%j prints %j as %s', (type, given, wanted) => expect(printValue(type, parseValue(type, given))).toBe(wanted))

  test('a canonical value reads back as itself', () => {
    for (const [type, given] of [
      [of('timestamp'), '2026-11-21'],
      [of('time'), '1:15:29.5'],
      [price, 3],
      [of('json'), '{"a" : 1}'],
      [of('uuid'), '{0197a000-0000-7000-8000-00000000000A}'],
    ] as const) {
      const once = parseValue(type, given)
      expect(parseValue(type, once)).toStrictEqual(once)
    }
  })

  test('the names of casts are those of PostgreSQL', () => {
    expect(['int', 'INT8', 'smallint'].map(typeFromCast)).toStrictEqual([of('integer'), of('integer'), of('integer')])
    expect(['numeric', 'decimal'].map(typeFromCast)).toStrictEqual([{ kind: 'numeric' }, { kind: 'numeric' }])
    expect(['double  precision', 'real', 'timestamptz', 'jsonb', 'bytea', 'varchar'].map((name) => typeFromCast(name)?.kind)).toStrictEqual(
      ['float', 'float', 'timestamp', 'json', 'bytes', 'text'],
    )
    expect(typeFromCast('text[]')).toStrictEqual(list({ kind: 'text' }))
    expect([typeFromCast('money'), typeFromCast('json[]'), typeFromCast('constructor')]).toStrictEqual([undefined, undefined, undefined])
  })
})
