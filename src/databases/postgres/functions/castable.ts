/**
 * `plinth_castable(text, from, to)`: whether the dialect's cast of this value, given by its text, would succeed. It is
 * tried, which no worker beside the statement's own process may do.
 *
 * To add a cast: the branch that `castExpression` of `dialect.ts` has for it.
 */
export const castable = {
  name: 'plinth_castable',
  sql: `create or replace function plinth_castable(value text, source text, target text) returns boolean language plpgsql immutable strict parallel unsafe as $$
begin
  if source = 'json' then
    value := plinth_json_scalar(value::jsonb, target);
  elsif source = 'text' and target in ('integer', 'numeric', 'float', 'timestamp', 'date', 'time') then
    value := plinth_read(value, case target when 'numeric' then 'decimal' else target end);
  elsif target = 'integer' then
    value := round(value::numeric)::text;
  end if;
  case target
    when 'integer' then perform value::bigint;
    when 'numeric' then perform value::numeric;
    when 'float' then perform value::float8;
    when 'boolean' then perform value::boolean;
    when 'timestamp' then perform value::timestamptz;
    when 'date' then perform value::date;
    when 'time' then perform value::time;
    when 'uuid' then perform value::uuid;
    when 'json' then perform value::jsonb;
    else null;
  end case;
  return true;
exception when data_exception then
  return false;
end $$`,
}
