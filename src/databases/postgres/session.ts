/** What every connection is set to before its first statement, and what the server must be. */
import type { ClientBase } from 'pg'
import { Problem } from '../../errors.ts'
import { quote } from '../sql/names.ts'

export interface SessionOptions {
  readonly schema: string
  /** Milliseconds. */
  readonly statementTimeout: number
}

const OLDEST = 150_000

/** Settings that results and plans depend on, whatever the server, the database or the role say otherwise. */
const settings = ({ schema, statementTimeout }: SessionOptions): string => `
  SET application_name = 'plinth';
  SET client_encoding = 'UTF8';
  SET timezone = 'UTC';
  SET datestyle = 'ISO, YMD';
  SET intervalstyle = 'iso_8601';
  SET bytea_output = 'hex';
  SET extra_float_digits = 1;
  SET standard_conforming_strings = on;
  SET search_path = ${quote(schema)}, pg_temp;
  SET statement_timeout = ${Math.trunc(statementTimeout)};
  SET idle_in_transaction_session_timeout = '60s';
  SET jit = off;`

/** Sets a new connection up; throws where the server cannot keep the semantics. */
export async function prepareSession(client: ClientBase, options: SessionOptions): Promise<void> {
  await client.query(settings(options))
  const { rows } = await client.query({
    text: `SELECT current_setting('server_version'), current_setting('server_version_num')::int, current_setting('server_encoding')`,
    rowMode: 'array',
  })
  const [version, number, encoding] = rows[0] ?? []
  if (Number(number) < OLDEST) {
    throw new Problem('08006', `PostgreSQL ${String(version)} is too old: 15 or newer is needed`, {
      hint: 'Upgrade the server, or name another one in DATABASE_URL.',
    })
  }
  if (encoding !== 'UTF8') {
    throw new Problem('08006', `The database has the encoding ${String(encoding)}: UTF8 is needed`, {
      hint: "Make the database anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.",
    })
  }
}
