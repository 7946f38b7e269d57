/** Functions that keep tables as declared: unlike those of `functions.ts` they give something new each time. */

/** A UUID version 7, for rows that raw SQL puts in: 48 bits of the time, then the random ones of a version 4. */
const uuid7 = `CREATE OR REPLACE FUNCTION plinth_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
    || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid
$$`

export const kept: readonly { readonly name: string; readonly sql: string }[] = [{ name: 'plinth_uuid7', sql: uuid7 }]
