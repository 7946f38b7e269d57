/** What a user reads who got something wrong in the file: the place, what is wrong, and the way out. */
import { describe, expect, test } from 'vitest'
import { LoadFailure, type LoadError } from '../../src/errors.ts'
import { anyone, array, boolean, date, decimal, integer, json, oneOf, plinth, ref, table, text, time, uuid } from '../../src/index.ts'
import { readBackend } from '../../src/rules/record.ts'

/** A file as JavaScript writes it, where no compiler has said anything yet. */
type Loose = Parameters<typeof plinth>[0]
const loose = (file: object): Loose => file as Loose

function errorsOf(file: object): readonly LoadError[] {
  try {
    readBackend(plinth(loose(file)))
  } catch (error) {
    if (error instanceof LoadFailure) return error.errors
    throw error
  }
  return []
}

const inTables = (tables: object): readonly LoadError[] => errorsOf({ tables })

/** `place: message | fix` of the only error. */
function only(errors: readonly LoadError[]): string {
  expect(errors.map(({ place, message }) => `${place}: ${message}`)).toHaveLength(1)
  return errors.map(({ place, message, fix }) => `${place}: ${message} | ${fix}`).join('\n')
}

const people = table({ name: text() })

describe('names', () => {
  test('a column cannot be named like a parameter of the wire', () => {
    for (const name of ['select', 'order', 'limit', 'offset', 'and', 'or', 'not', 'columns', 'on_conflict', 'having', 'apikey']) {
      expect(only(inTables({ people: table({ [name]: text() }) }))).toBe(
        `tables.people.${name}: The name "${name}" is reserved: ${name}= is a parameter of the wire. | Choose another name.`,
      )
    }
  })

  test('a table cannot be named rpc, or like one of our own or of the database', () => {
    for (const name of ['rpc', 'plinth_meta', 'sqlite_master', 'pg_class'])
      expect(only(inTables({ [name]: people }))).toContain(`The name "${name}" is reserved`)
  })

  test('a column cannot be named like one that PostgreSQL has in every table', () => {
    expect(only(inTables({ people: table({ ctid: text() }) }))).toContain('PostgreSQL has a column of this name in every table')
  })

  test('names that every database keeps are taken as they are', () => {
    expect(
      inTables({ 'Order Details': table({ 'Unit "Price"': decimal(10, 2), größe: text(), 'a.b': text(), "it's": text() }) }),
    ).toStrictEqual([])
  })

  test('names that are empty, too long, padded or unprintable are refused', () => {
    const names = {
      '': 'is empty',
      ' x': 'begins or ends with a space',
      'a\nb': 'holds a control character',
      'a\0b': 'holds a control character',
      '\ud800': 'holds half a character',
    }
    for (const [name, reason] of Object.entries(names)) expect(only(inTables({ people: table({ [name]: text() }) }))).toContain(reason)
    expect(only(inTables({ ['ö'.repeat(32)]: people }))).toContain('is 64 bytes long, and databases keep 63')
    expect(inTables({ ['ö'.repeat(31)]: people })).toStrictEqual([])
  })

  test('names that differ by case alone are one name to SQLite', () => {
    expect(only(inTables({ people: table({ name: text(), Name: text() }) }))).toContain('"name" and "Name" differ by case alone')
    expect(only(inTables({ people, People: people }))).toContain('"people" and "People" differ by case alone')
  })

  test('a relation and a column cannot share a name', () => {
    expect(only(inTables({ people, desks: table({ person_id: ref('people'), person: text() }) }))).toBe(
      'tables.desks.person_id: It makes a relation "person" on "desks", which has a column of this name. | Rename the column, or name the relation with { as: \'…\' }.',
    )
    expect(only(inTables({ people: table({ desks: integer() }), desks: table({ person_id: ref('people') }) }))).toBe(
      'tables.desks.person_id: It makes a relation "desks" on "people", which has a column of this name. | Name the relation as "people" sees it with { back: \'…\' }.',
    )
  })

  test('two relations cannot share a name', () => {
    const tables = { people, desks: table({ a_id: ref('people', { back: 'seats' }), b_id: ref('people', { back: 'seats' }) }) }
    expect(only(inTables(tables))).toBe(
      'tables.desks.b_id: It makes a relation "seats" on "people", which has one of this name already, to "desks" by desks_a_id_fkey. | Name the relation as "people" sees it with { back: \'…\' }.',
    )
  })
})

describe('references and keys', () => {
  test('a reference leads to a table, and the near name is said', () => {
    expect(only(inTables({ people, desks: table({ person_id: ref('poeple') }) }))).toBe(
      'tables.desks.person_id: It leads to "poeple", which is no table. | Did you mean "people"?',
    )
  })

  test('a reference has a name for its relation', () => {
    expect(only(inTables({ people, desks: table({ person: ref('people') }) }))).toBe(
      "tables.desks.person: It is a reference, and its name does not end in _id, so that the relation has no name. | Rename it, or say ref('people', { as: '…' }).",
    )
  })

  test('a reference leads to a column that is there and unique', () => {
    expect(only(inTables({ people, desks: table({ person_id: ref('people', { column: 'nmae' }) }) }))).toBe(
      'tables.desks.person_id: It leads to the column "nmae", which "people" does not have. | Did you mean "name"?',
    )
    expect(only(inTables({ people, desks: table({ person_id: ref('people', { column: 'name' }) }) }))).toBe(
      'tables.desks.person_id: It leads to "people.name", which is not unique. | Add .unique() to people.name, or lead it to the key.',
    )
  })

  test('a key of several columns is led to by a link', () => {
    const lines = table({ a: integer(), b: integer() }).key('a', 'b')
    expect(only(inTables({ lines, returns: table({ line_id: ref('lines') }) }))).toBe(
      "tables.returns.line_id: \"lines\" has a key of 2 columns, and a reference is one. | Use .link('name', 'lines', …) with a column for each of a, b.",
    )
    expect(only(inTables({ lines, returns: table({ a: integer() }).link('line', 'lines', 'a') }))).toContain(
      'It has 1 columns, and the key of "lines" has 2.',
    )
    expect(only(inTables({ lines, returns: table({ a: integer(), b: text() }).link('line', 'lines', 'a', 'b') }))).toBe(
      'tables.returns.link(line): "b" is text, and "lines.b" is integer. | Give both one type; the columns stand in the order of the key.',
    )
    expect(only(inTables({ returns: table({ a: integer() }).link('line', 'liens', 'a') }))).toContain(
      'It leads to "liens", which is no table.',
    )
  })

  test('references that lead round in a circle hold nothing', () => {
    const errors = inTables({
      a: table({ b_id: ref('b', { back: 'x' }) }).key('b_id'),
      b: table({ a_id: ref('a', { back: 'y' }) }).key('a_id'),
    })
    expect(errors.map(({ place, message }) => `${place}: ${message}`)).toStrictEqual([
      'tables.a.b_id: References lead round in a circle, so that no column says what they hold.',
      'tables.b.a_id: References lead round in a circle, so that no column says what they hold.',
    ])
  })

  test('a column that is emptied on delete may be empty', () => {
    expect(only(inTables({ people, desks: table({ person_id: ref('people', { onDelete: 'set null' }) }) }))).toBe(
      'tables.desks.person_id: onDelete says "set null", but the column must have a value. | Add .optional(), or say onDelete: \'cascade\'.',
    )
  })

  test('a key is made of columns that are there, stored, shown and never empty', () => {
    expect(only(inTables({ people: table({ name: text() }).key('nmae' as 'name') }))).toBe(
      'tables.people.key: There is no column "nmae" in "people". | Did you mean "name"?',
    )
    expect(only(inTables({ people: table({ name: text().optional() }).key('name') }))).toContain(
      'It is part of the key and may be missing.',
    )
    expect(only(inTables({ people: table({ name: text().hidden() }).key('name') }))).toContain('It is part of the key and hidden')
    expect(only(inTables({ people: table({ a: text(), name: text().generated('a') }).key('name') }))).toContain(
      'It is part of the key and computed.',
    )
    expect(only(inTables({ people: table({ name: text() }).key('name', 'name') }))).toContain('"name" is named twice.')
    expect(only(inTables({ people: table({ data: json() }).unique('data') }))).toContain('"data" is JSON, which has no order.')
  })

  test('indexes and search name columns that can be looked up', () => {
    expect(only(inTables({ people: table({ name: text() }).index('nmae' as 'name') }))).toContain(
      'tables.people.index: There is no column "nmae"',
    )
    expect(only(inTables({ people: table({ age: integer() }).search('age') }))).toBe(
      'tables.people.search: "age" is integer, and words are in text. | Search in text columns.',
    )
  })
})

describe('columns', () => {
  test.each([
    [oneOf('a', 'a'), 'oneOf() has "a" twice. | Name each word once.'],
    [oneOf(...([] as unknown as ['a'])), "oneOf() has no words. | Name them: oneOf('open', 'closed')."],
    [decimal(10, 11), 'decimal(10, 11) has no such number of decimals. | Say 0 to 10 of them: decimal(10, 2).'],
    [decimal(99, 2), 'decimal(99, 2) has no such number of digits. | Say 1 to 38 digits in all: decimal(10, 2).'],
    [array(text().max(3)), 'Elements of an array have no .max(). | Put it behind array(…), if it is meant for the column.'],
    [integer().min(5).max(3), 'Its least is 5 and its most is 3, so that nothing fits. | Swap them, or take one away.'],
    [decimal(10, 2).min('10').max('9.5'), 'Its least is 10.00 and its most is 9.50, so that nothing fits. | Swap them, or take one away.'],
    [
      date().min('2026-02-01').max('2026-01-31'),
      'Its least is 2026-02-01 and its most is 2026-01-31, so that nothing fits. | Swap them, or take one away.',
    ],
    [text().min(-1), '.min(-1) is no length. | Say a whole number from 0 on.'],
    [time().max('26:00'), '.max() does not fit time: date/time field value out of range: "26:00". | Give a value of type time.'],
    [
      integer().default(2.5),
      'Its default does not fit integer: invalid input syntax for type integer: "2.5". | Give a value of type integer.',
    ],
    [
      decimal(4, 2).default(9.999),
      'Its default does not fit decimal(4,2): value "9.999" is out of range for type decimal(4,2). | It has more than 2 decimals; round it first.',
    ],
    [uuid().default('x'), 'Its default does not fit uuid: invalid input syntax for type uuid: "x". | Give a value of type uuid.'],
    [integer().max(3).default(4), 'Its default is outside its bounds: it is 4. | Change the default or the bounds.'],
    [text().max(3).default('four'), 'Its default is outside its bounds: it is 4 long. | Change the default or the bounds.'],
    [oneOf('open', 'paid').default('opne' as 'open'), 'Its default "opne" is none of its words. | Did you mean "open"?'],
    [integer().default(null as unknown as number), 'Its default is nothing. | A column without a value is .optional().'],
  ])('%#: a column says what cannot be meant', (column, wanted) => {
    expect(only(inTables({ things: table({ thing: column }) }))).toBe(`tables.things.thing: ${wanted}`)
  })

  test.each([
    ['price - cst', 'Its formula "price - cst" is wrong: There is no column "cst". | Did you mean "cost"?'],
    ['price -', 'Its formula "price -" is wrong: It ends too early. | Put a column or a value at its end.'],
    ['(price', 'Its formula "(price" is wrong: A ")" is missing. | Close every parenthesis.'],
    [
      'price price',
      'Its formula "price price" is wrong: "price" stands where the formula should end. | Put an operator before it, or take it away.',
    ],
    [
      'price / 2',
      'Its formula "price / 2" is wrong: It cannot be read from "/ 2" on. | Use columns, numbers, \'text\', +, -, *, ||, coalesce(…) and parentheses.',
    ],
    [
      'price || name',
      'Its formula "price || name" is wrong: || joins text, and this is decimal. | Join text columns and \'literals\' only.',
    ],
    ['price + name', 'Its formula "price + name" is wrong: + and - is for integers and decimals, and this is text. | Join text with ||.'],
    ['price * price', '"price * price" gives decimal(20,4), which decimal(10,2) cannot hold exactly. | Declare it as decimal(…, 4).'],
    [
      'price - discount',
      '"price - discount" has no value where one of its columns has none. | Add .optional(), or use coalesce(column, 0).',
    ],
    [
      'price + thing',
      'Its formula "price + thing" is wrong: "thing" is computed itself. | Databases compute from stored columns only: write out its formula here.',
    ],
    [
      "coalesce(price, 'none')",
      'Its formula "coalesce(price, \'none\')" is wrong: coalesce has decimal and text in it. | Give it values of one type: text, or exact numbers.',
    ],
  ])('a formula is understood or refused: %s', (formula, wanted) => {
    const columns = {
      price: decimal(10, 2),
      cost: decimal(10, 2),
      discount: decimal(10, 2).optional(),
      name: text(),
      thing: decimal(10, 2).generated(formula),
    }
    expect(only(inTables({ things: table(columns) }))).toBe(`tables.things.thing: ${wanted}`)
  })

  test('formulas that keep every digit are taken', () => {
    const columns = {
      price: decimal(10, 2),
      count: integer(),
      discount: decimal(10, 2).optional(),
      first: text(),
      last: text().optional(),
      total: decimal(30, 2).generated('(price - coalesce(discount, 0)) * count + 1.5'),
      name: text().generated("first || ' ' || coalesce(last, '')"),
      twice: integer().generated('count * 2'),
      maybe: text().generated('last').optional(),
    }
    expect(inTables({ things: table(columns) })).toStrictEqual([])
  })
})

describe('access', () => {
  const tables = { people: table({ name: text(), loud: text().generated('name') }) }
  test.each([
    [{ poeple: { read: anyone } }, 'access.poeple: There is no table "poeple". | Did you mean "people"?'],
    [{ people: { reed: anyone } }, 'access.people.reed: "reed" is no operation. | Did you mean "read"?'],
    [
      { people: { read: true } },
      "access.people.read: This is no rule. | Say anyone, signedIn, role('…'), or ({ row, who }) => a condition.",
    ],
    [
      { people: { read: { verdict: 'everybody' } } },
      "access.people.read: This is no rule. | Say anyone, signedIn, role('…'), or ({ row, who }) => a condition.",
    ],
    [{ people: anyone }, 'access.people: This is no set of rules. | Write { read: …, write: … }.'],
    [{ people: { columns: { nmae: { read: anyone } } } }, 'access.people.columns.nmae: There is no column "nmae". | Did you mean "name"?'],
    [
      { people: { columns: { id: { read: anyone } } } },
      'access.people.columns.id.read: It is part of the key, which everyone who may read the row can tell. | Take the rule away, or choose another key.',
    ],
    [
      { people: { columns: { name: { delete: anyone } } } },
      'access.people.columns.name.delete: "delete" is no operation of a column. | Known: read, write.',
    ],
    [
      { people: { columns: { loud: { write: anyone } } } },
      'access.people.columns.loud.write: The column is computed, so that nobody writes it. | Take the rule away.',
    ],
  ])('%#: access names what is there', (access, wanted) => {
    expect(only(errorsOf({ tables, access }))).toBe(wanted)
  })
})

describe('what plain JavaScript lets through', () => {
  const tables = { people }
  const written = (errors: readonly LoadError[]): string[] => errors.map(({ place, message, fix }) => `${place}: ${message} | ${fix}`)

  test.each([
    [{ tabels: { people } }, 'tabels: "tabels" is no part of a backend. | Did you mean "tables"?'],
    [{ tables, acces: { people: { read: anyone } } }, 'acces: "acces" is no part of a backend. | Did you mean "access"?'],
    [{ tables, jobs: {} }, 'jobs: "jobs" is no part of a backend. | Known: tables, access, functions, settings, seed.'],
    [{}, 'tables: There is no table. | Add one: tables: { notes: table({ words: text() }) }.'],
    [{ tables: [people] }, 'tables: This is no set of tables. | Write tables: { notes: table({ words: text() }) }.'],
    [{ tables, access: anyone }, 'access: This is no set of rules. | Write access: { notes: { read: anyone } }.'],
    [{ tables, access: null }, 'access: This is no set of rules. | Write access: { notes: { read: anyone } }.'],
    [{ tables, settings: 'port=4001' }, 'settings: This is no set of settings. | Write settings: { port: 4001 }.'],
    [
      { tables, seed: [{ name: 'Ann' }] },
      "seed: This is no function. | Write seed: async ({ insert }) => { await insert('notes', [{ words: 'Hello' }]) }.",
    ],
    [{ tables: { people: 'text' } }, 'tables.people: This is no table. | Make it with table({ … }).'],
    [{ tables: { people: text() } }, 'tables.people: This is no table. | Make it with table({ … }).'],
    [{ tables: { people: null } }, 'tables.people: This is no table. | Make it with table({ … }).'],
  ])('%#: what is no part of a backend is told', (file, wanted) => {
    expect(written(errorsOf(file))).toStrictEqual([wanted])
  })

  test('a file that gives nothing at all is told to give tables', () => {
    for (const nothing of [undefined, null, 'tables', []]) {
      expect(only(errorsOf(nothing as unknown as object))).toBe(
        'plinth: plinth() is given no object. | Write plinth({ tables: { notes: table({ words: text() }) } }).',
      )
    }
  })

  test.each<[unknown, string]>([
    [text, 'This is no column. | Call it: text() instead of text.'],
    [people, 'This is no column. | Make it with text(), integer(), ref(…) or another type.'],
    [null, 'This is no column. | Make it with text(), integer(), ref(…) or another type.'],
    [{ notes: {} }, 'This is no column. | Make it with text(), integer(), ref(…) or another type.'],
  ])('%#: a column is made by its type', (column, wanted) => {
    expect(only(inTables({ things: table({ thing: column as ReturnType<typeof text> }) }))).toBe(`tables.things.thing: ${wanted}`)
  })

  test.each<[readonly unknown[], string]>([
    [['people', { ondelete: 'cascade' }], '"ondelete" is no option of ref(). | Did you mean "onDelete"?'],
    [['people', { onDelete: 'casade' }], 'onDelete cannot be "casade". | Say one of restrict, cascade, set null.'],
    [['people', 'cascade'], "What follows the table is no set of options. | Write ref('people', { onDelete: 'cascade' })."],
    [['people', { back: 5 }], "back is no name. | Name the relation: ref('people', { back: '…' })."],
    [[people], "It leads to something that is no name. | Give the table's name: ref('customers')."],
    [[], "It leads to something that is no name. | Give the table's name: ref('customers')."],
  ])('%#: a reference takes a name and the options there are', (given, wanted) => {
    const loosely: (...all: readonly unknown[]) => ReturnType<typeof text> = ref as never
    expect(only(inTables({ people, desks: table({ person_id: loosely(...given) }) }))).toBe(`tables.desks.person_id: ${wanted}`)
  })

  test('rules for what is spelt wrong are told with what was meant', () => {
    const access = { people: { raed: anyone, column: {}, columns: { name: { reads: anyone } } } }
    expect(written(errorsOf({ tables, access }))).toStrictEqual([
      'access.people.raed: "raed" is no operation. | Did you mean "read"?',
      'access.people.column: "column" is no operation. | Did you mean "columns"?',
      'access.people.columns.name.reads: "reads" is no operation of a column. | Did you mean "read"?',
    ])
  })
})

describe('all at once', () => {
  test('mistakes in tables, rules, checks and patterns are told in one go', () => {
    const spans = table({ from: integer(), to: integer(), code: text().pattern('(a') }).check('on', () => undefined as never)
    const tables = { people, spans, desks: table({ span_id: ref('spnas'), size: integer().min(3).max(1) }) }
    const access = { people: { read: () => undefined, raed: anyone } }
    expect(errorsOf({ tables, access }).map(({ place }) => place)).toStrictEqual([
      'tables.desks.span_id',
      'tables.desks.size',
      'access.people.raed',
      'access.people.read',
      'tables.spans.check(on)',
      'tables.spans.code',
    ])
  })

  test('a rule that fails for another mistake is told after that one is mended', () => {
    const tables = { people, desks: table({ person_id: ref('poeple'), size: integer() }) }
    const asked = (rule: (asked: { row: Record<string, Record<string, (...all: unknown[]) => unknown>> }) => unknown): readonly string[] =>
      errorsOf({ tables, access: { people: { read: rule } } }).map(({ place, fix }) => `${place}: ${fix}`)
    const later = ['tables.desks.person_id: Did you mean "people"? When this is mended, there is more to be looked at: rules.']
    expect(asked(({ row }) => row['desks']?.['some']?.(() => undefined))).toStrictEqual(later)
    expect(asked(({ row }) => row['desks_by_owner'])).toStrictEqual(later)
    expect(asked(({ row }) => row['nmae']?.['is']?.('Ann'))).toStrictEqual([
      'tables.desks.person_id: Did you mean "people"?',
      'access.people.read: Did you mean "name"?',
    ])
    const ofDesks = {
      desks: { read: ({ row }: { row: { person: { name: { is(name: string): unknown } } } }) => row.person.name.is('Ann') },
    }
    expect(errorsOf({ tables, access: ofDesks }).map(({ fix }) => fix)).toStrictEqual([
      'Did you mean "people"? When this is mended, there is more to be looked at: rules.',
    ])
  })

  test('a mistake that changes nothing of what a rule sees keeps no mistake of a rule back', () => {
    const rule = ({ row }: { row: Record<string, Record<string, (...all: unknown[]) => unknown>> }): unknown => row['nmae']?.['is']?.('Ann')
    const wrong = {
      desks: table({ name: text().min(9).max(3), size: oneOf('s', 's'), person_id: ref('people') }).index('nowhere' as never),
      chairs: table({ name: text(), desk_id: ref('deskz') }),
    }
    const access = Object.fromEntries(['people', 'desks', 'chairs'].map((name) => [name, { read: rule }]))
    expect(errorsOf({ tables: { people, ...wrong }, access }).map(({ place }) => place)).toStrictEqual([
      'tables.desks.index',
      'tables.desks.name',
      'tables.desks.size',
      'tables.chairs.desk_id',
      'access.people.read',
      'access.desks.read',
      'access.chairs.read',
    ])
  })

  test('a rule about a column whose type is wrong waits for that one', () => {
    const sizes = table({ size: oneOf('s', 's'), name: text() })
    const asked = (column: string): readonly string[] => {
      const rule = ({ row }: { row: Record<string, Record<string, (...all: unknown[]) => unknown>> }): unknown => row[column]?.['is']?.(5)
      return errorsOf({ tables: { sizes }, access: { sizes: { read: rule } } }).map(({ place }) => place)
    }
    expect(asked('size')).toStrictEqual(['tables.sizes.size'])
    expect(asked('name')).toStrictEqual(['tables.sizes.size', 'access.sizes.read'])
  })

  test('what is no table is told once, and not by what leads to it', () => {
    const rooms = { name: text() } as never
    const desks = table({ room_id: ref('rooms'), name: text() })
    const rule = ({ row }: { row: { room: { name: { is(name: string): unknown } } } }): unknown => row.room.name.is('Hall')
    const access = { rooms: { read: anyone, columns: { name: { read: anyone } } }, desks: { read: rule }, romms: { read: anyone } }
    const told = errorsOf({ tables: { rooms, desks }, access }).map(({ place, message, fix }) => `${place}: ${message} | ${fix}`)
    expect(told).toStrictEqual([
      'tables.rooms: This is no table. | Make it with table({ … }).',
      expect.stringMatching(
        /^access\.romms: There is no table "romms"\. \| .* When these are mended, there is more to be looked at: rules\.$/,
      ),
    ])
  })

  test('every mistake is told, each with its line', () => {
    const errors = errorsOf({
      tables: {
        people: table({ select: text() }),
        desks: table({ person_id: ref('poeple'), size: integer().min(3).max(1) }),
      },
      access: { chairs: {} },
    })
    expect(errors.map(({ place }) => place)).toStrictEqual([
      'tables.people.select',
      'tables.desks.person_id',
      'tables.desks.size',
      'access.chairs',
    ])
    for (const { source } of errors) expect(source).toMatch(/^spec\/10-schema\/load-errors\.test\.ts:\d+:\d+$/)
  })

  test('one mistake makes one error, whatever depends on it', () => {
    expect(
      inTables({
        people: table({ boss_id: ref('bosses').optional() }),
        desks: table({ person_id: ref('people', { column: 'boss_id' }) }),
      }).map(({ place }) => place),
    ).toStrictEqual(['tables.people.boss_id', 'tables.desks.person_id'])
  })

  test('what is neither a table nor a column is said to be none', () => {
    expect(only(inTables({ people: { name: text() } }))).toBe('tables.people: This is no table. | Make it with table({ … }).')
    expect(only(inTables({ people: table({ name: 'text' as unknown as ReturnType<typeof text> }) }))).toContain(
      'tables.people.name: This is no column.',
    )
    expect(only(inTables({}))).toContain('tables: There is no table.')
  })

  test('checks have names of their own', () => {
    const twice = table({ on: boolean() })
      .check('is_on', ({ row }) => row.on.is(true))
      .check('is_on', ({ row }) => row.on.is(true))
    expect(only(inTables({ lamps: twice }))).toContain('tables.lamps.check(is_on): Two checks have this name. | Rename one of them.')
    expect(only(inTables({ lamps: table({ on: boolean() }).check('on_check', ({ row }) => row.on.is(true)) }))).toContain(
      'The checks of single columns have names like this.',
    )
  })
})
