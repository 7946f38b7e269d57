/**
 * A schema as the TypeScript text that clients of Supabase are given: `Row` is what is read, `Insert` and `Update`
 * what may be sent. The same types as `DatabaseOf`, written out.
 */
import type { Column, Relation, Schema, Table, Type } from '../schema/schema.ts'

export function databaseTypes(schema: Schema): string {
  const tables = [...schema.tables.values()].map((table) => tableText(table, schema))
  return [
    HEADER,
    'export type Database = {',
    "  __InternalSupabase: { PostgrestVersion: '14' }",
    '  public: {',
    '    Tables: {',
    ...tables,
    '    }',
    EMPTY,
    '  }',
    '}',
    '',
    FOOTER,
  ].join('\n')
}

const HEADER = `// Written by \`plinth types\`. Changes are lost when it is written again.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]
`

const EMPTY = ['Views', 'Functions', 'Enums', 'CompositeTypes'].map((name) => `    ${name}: { [_ in never]: never }`).join('\n')

const FOOTER = `type Tables_ = Database['public']['Tables']
/** A row as it is read: \`Tables<'books'>\`. */
export type Tables<Name extends keyof Tables_> = Tables_[Name]['Row']
export type TablesInsert<Name extends keyof Tables_> = Tables_[Name]['Insert']
export type TablesUpdate<Name extends keyof Tables_> = Tables_[Name]['Update']
`

const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name))
const indented = (lines: readonly string[], by: number): string => lines.map((line) => ' '.repeat(by) + line).join('\n')

function tableText(table: Table, schema: Schema): string {
  const columns = [...table.columns.values()]
  const sendable = columns.filter((column) => column.generated === undefined)
  return indented(
    [
      ...(table.comment === undefined ? [] : [commentText(table.comment)]),
      `${key(table.name)}: {`,
      ...section(
        'Row',
        columns.map((column) => member(column, column.hidden, read(column))),
      ),
      ...section(
        'Insert',
        sendable.map((column) => member(column, mayBeLeftOut(column), sent(column))),
      ),
      ...section(
        'Update',
        sendable.map((column) => member(column, true, sent(column))),
      ),
      ...relationships(table, schema),
      '}',
    ],
    6,
  )
}

const commentText = (comment: string): string => `/** ${comment.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')} */`

const section = (name: string, members: readonly string[]): string[] => [`  ${name}: {`, ...members.map((member) => `    ${member}`), '  }']

/** A hidden column is optional in `Row`: some askers get it, and `*` leaves it out. */
const member = (column: Column, optional: boolean, type: string): string =>
  `${column.comment === undefined ? '' : `${commentText(column.comment)} `}${key(column.name)}${optional ? '?' : ''}: ${type}`

const mayBeLeftOut = (column: Column): boolean => column.optional || column.default !== undefined || column.touched

const nullable = (column: Column, type: string): string => (column.optional ? `${type} | null` : type)
const read = (column: Column): string => nullable(column, valueText(column, READ))
const sent = (column: Column): string => nullable(column, valueText(column, SENT))

type Texts = Readonly<Record<Exclude<Type['kind'], 'array'>, string>>

const READ: Texts = {
  text: 'string',
  integer: 'number',
  decimal: 'number',
  float: 'number',
  boolean: 'boolean',
  timestamp: 'string',
  date: 'string',
  time: 'string',
  uuid: 'string',
  bytes: 'string',
  json: 'Json',
}
/** A decimal and a large integer may be sent as text, to keep every digit. */
const SENT: Texts = { ...READ, integer: 'number | `${bigint}`', decimal: 'number | string', timestamp: 'string | Date' }

function valueText(column: Column, texts: Texts): string {
  if (column.values) return column.values.map((word) => JSON.stringify(word)).join(' | ')
  if (column.type.kind !== 'array') return texts[column.type.kind]
  const of = texts[column.type.of.kind]
  return of.includes('|') ? `(${of})[]` : `${of}[]`
}

/** To-one relations: clients work out the other direction, and the ways through join tables, from these. */
function relationships(table: Table, schema: Schema): string[] {
  const toOne = [...table.relations.values()].filter((relation) => isOwn(relation, table))
  if (toOne.length === 0) return ['  Relationships: []']
  return ['  Relationships: [', ...toOne.flatMap((relation) => relationship(relation, schema)), '  ]']
}

const isOwn = (relation: Relation, table: Table): boolean =>
  !relation.many &&
  relation.through === undefined &&
  table.foreignKeys.some((foreign) => foreign.name === relation.constraint && sameColumns(foreign.columns, relation.columns))
const sameColumns = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((name, at) => name === b[at])

function relationship(relation: Relation, schema: Schema): string[] {
  const from = schema.tables.get(relation.from)
  const alone =
    from !== undefined &&
    [from.key, ...from.uniques.map((unique) => unique.columns)].some((columns) => sameColumns(columns, relation.columns))
  return [
    '    {',
    // The relation's own name: so `select('customer(name)')` is typed, and `addresses!billing(city)`.
    `      foreignKeyName: ${JSON.stringify(relation.name)}`,
    `      columns: ${JSON.stringify(relation.columns)}`,
    `      isOneToOne: ${alone}`,
    `      referencedRelation: ${JSON.stringify(relation.to)}`,
    `      referencedColumns: ${JSON.stringify(relation.target)}`,
    '    },',
  ]
}
