/** `plinth_base64(bytea)`: base64 in one line; PostgreSQL's own breaks lines after 76 characters. */
export const base64 = {
  name: 'plinth_base64',
  sql: `create or replace function plinth_base64(bytea) returns text language sql immutable strict parallel safe
return translate(encode($1, 'base64'), e'\\n', '')`,
}
