/**
 * The answer to a write that was done before, as far as the asker may still read it.
 *
 * 1. A row that may be read today is given as it was given then, where all that it shows are plain columns of its own;
 *    otherwise as it is today, because what it shows of others, or only to some, may not be theirs to see any more.
 * 2. A row that is gone is given where nothing but itself said who may read it; one that is there and may not be read is
 *    left out.
 * 3. Rows are told apart by their keys, which stand in front of what is given, and are cut off again.
 */
import type { Output, Shape } from '../../../plan/plan.ts'
import { TRUE, isTrue } from '../../../query/typed.ts'
import type { Who } from '../../../query/who.ts'
import type { Table } from '../../../schema/schema.ts'
import { elementsOf, membersOf, textOf } from '../../../util/json-slices.ts'
import { tagOf } from '../../../util/tag.ts'
import { bindAll, type Codec } from '../binder.ts'
import type { SqlDatabase } from '../database.ts'
import type { SqlRow, SqlValue } from '../driver.ts'
import { keyColumns, readText, type KeyedText } from './keyed.ts'
import { isOwn } from './own.ts'

/** Reads for the answer, in the transaction of the write or beside it. */
export type Send = (text: string, values: readonly SqlValue[]) => readonly SqlRow[] | Promise<readonly SqlRow[]>

interface KeyedRow {
  /** The key's values, each as JSON. */
  readonly key: readonly string[]
  readonly text: string
}

/** The same rows with their keys in front. */
export const withKeys = (shape: Shape): Shape => ({ ...shape, outputs: [...keyOutputs(shape.table), ...shape.outputs] })

const keyOutputs = (table: Table): readonly Output[] =>
  keyColumns(table).map((column, at) => ({
    kind: 'scalar',
    as: `plinth_key_${at}`,
    of: { kind: 'cell', path: [], table, column, guard: TRUE, type: column.type },
  }))

/** The rows without what `withKeys` put in front. */
export function withoutKeys(json: string, { key }: Table): string {
  return `[${keyedRows(json, key.length)
    .map(({ text }) => text)
    .join(',')}]`
}

function keyedRows(json: string, count: number): readonly KeyedRow[] {
  return elementsOf(json).map((element) => {
    const members = membersOf(element)
    const rest = members.slice(count).map(([name, value]) => `${JSON.stringify(name)}:${value}`)
    return { key: members.slice(0, count).map(([, value]) => value), text: `{${rest.join(',')}}` }
  })
}

/** How the rows of one shape are looked at again. */
export class Replay {
  readonly #shape: Shape
  readonly #codec: Codec
  readonly #read: KeyedText
  readonly #keys: KeyedText

  /** `shape` is with its keys. */
  constructor(shape: Shape, { dialect, codec }: Pick<SqlDatabase, 'dialect' | 'codec'>) {
    this.#shape = shape
    this.#codec = codec
    this.#read = readText(shape, true, dialect)
    this.#keys = readText({ ...shape, guard: TRUE, where: TRUE, outputs: keyOutputs(shape.table), order: [] }, true, dialect)
  }

  /** Changes whenever the asker may see more or less of such rows. */
  rights(who: Who): string {
    const asked = this.#read.binders.filter(({ kind }) => kind === 'who')
    const values = bindAll(asked, [], who, this.#codec).map(String)
    return tagOf(this.#read.text, JSON.stringify(values))
  }

  async rows(
    stored: string,
    rights: string | undefined,
    asked: { readonly values: readonly unknown[]; readonly who: Who; readonly send: Send },
  ): Promise<string> {
    const rows = keyedRows(stored, this.#shape.table.key.length)
    const today = new Map((await this.#ask(this.#read, rows, asked)).map(({ key, text }) => [key.join(), text]))
    const isPlain = rights === this.rights(asked.who) && this.#shape.outputs.every(isPlainOutput)
    const missing = rows.filter(({ key }) => !today.has(key.join()))
    const there = new Set(
      (isPlain && isOwn(this.#shape.guard) ? await this.#ask(this.#keys, missing, asked) : missing).map(({ key }) => key.join()),
    )
    const kept = rows.flatMap(({ key, text }) => {
      const now = today.get(key.join())
      if (now === undefined) return there.has(key.join()) ? [] : [text]
      return isPlain ? [text] : [now]
    })
    return `[${kept.join(',')}]`
  }

  async #ask(
    { text, types, binders }: KeyedText,
    rows: readonly KeyedRow[],
    { values, who, send }: { readonly values: readonly unknown[]; readonly who: Who; readonly send: Send },
  ): Promise<readonly KeyedRow[]> {
    if (rows.length === 0) return []
    const keys = rows.map(({ key }) => types.map((type, at) => this.#codec.store(valueOf(key[at] ?? 'null'), type)))
    const [row] = await send(text, [...this.#codec.keys(types, keys), ...bindAll(binders, values, who, this.#codec)])
    return keyedRows(String(row?.[0] ?? '[]'), this.#shape.table.key.length)
  }
}

const valueOf = (json: string): string => (json.startsWith('"') ? textOf(json) : json)

const isPlainOutput = (output: Output): boolean =>
  output.kind === 'scalar' && output.of.kind === 'cell' && output.of.path.length === 0 && isTrue(output.of.guard)
