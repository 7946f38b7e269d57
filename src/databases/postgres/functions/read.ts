/**
 * `plinth_read(text, kind)`: a text that is about to be cast, in a spelling that PostgreSQL takes for the same value as
 * `parseValue` does. PostgreSQL alone takes more (`NaN`, `today`, `0x10`, times of any country), and of that not the
 * same from version to version.
 *
 * 1. What `parseValue` refuses is refused with the same code.
 * 2. What it gives is left to the cast, which refuses days, hours and numbers that there are not.
 */

const SPACE = '[ \\t\\n\\r\\v\\f]*'
const CLOCK = '([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]*))?)?'
const INTEGER = `^${SPACE}[+-]?[0-9]+${SPACE}$`
const NUMBER = `^${SPACE}[+-]?(?:([0-9]+)(?:[.]([0-9]*))?|[.]([0-9]+))(?:e([+-]?[0-9]+))?${SPACE}$`
const MOMENT = `^${SPACE}([0-9]{4,})-([0-9]{1,2})-([0-9]{1,2})(?:(?:T|[ \\t\\n\\r\\v\\f]+)${CLOCK})?${SPACE}(Z|UTC|GMT|[+-][0-9]{1,2}(?::?[0-9]{2})?(?::?[0-9]{2})?)?${SPACE}$`
const BASIC = `^${SPACE}([0-9]{4})([0-9]{2})([0-9]{2})(?:[T ]?([0-9]{2})([0-9]{2})([0-9]{2})?(.*))?$`
const TIME = `^${SPACE}T?${CLOCK}${SPACE}$`

/** How every function here begins. Patterns are matched under `C`, so that the database's own collation has no say. */
const header = (name: string, parameters: string): string =>
  `create or replace function ${name}(${parameters}) returns text language plpgsql immutable strict parallel safe as $read$`

const refuse = {
  name: 'plinth_refuse',
  sql: `${header('plinth_refuse', 'code text, kind text, value text')}
declare
  shown text := case when char_length(value) > 80 then left(value, 80) || '…' else value end;
begin
  raise exception using errcode = code, message = case code
    when '22003' then format('value "%s" is out of range for type %s', shown, kind)
    when '22008' then format('date/time field value out of range: "%s"', shown)
    else format('invalid input syntax for type %s: "%s"', kind, shown)
  end;
end $read$`,
}

/** `1.79…e308` is where a double ends; the digits beyond 2000 are where exact numbers end here. */
const number = {
  name: 'plinth_read_number',
  sql: `${header('plinth_read_number', 'value text, kind text')}
declare
  part text[] := regexp_match(value collate "C", '${NUMBER}', 'i');
  behind int := coalesce(length(part[2]), 0) + coalesce(length(part[3]), 0);
begin
  if part is null then
    return plinth_refuse('22P02', kind, value);
  elsif kind = 'decimal' and (length(part[4]) > 6 or abs(behind - coalesce(part[4]::int, 0)) > 2000 or coalesce(length(part[1]), 0) + behind > 2000) then
    return plinth_refuse('22003', kind, value);
  elsif kind = 'float' and coalesce(length(part[4]), 0) <= 5 and abs(coalesce(part[4]::int, 0)) <= 2000 and abs(value::numeric) > 1.797693134862315807e308 then
    return plinth_refuse('22003', kind, value);
  end if;
  return value;
end $read$`,
}

/** Hours, minutes and seconds with six digits; what is beyond is rounded, half away from zero. */
const clock = {
  name: 'plinth_read_clock',
  sql: `create or replace function plinth_read_clock(hour text, minute text, second text, fraction text) returns text language sql immutable parallel safe
return format('%s:%s:%s', coalesce(hour, '00'), coalesce(minute, '00'), coalesce(second, '00')::numeric + round(('0.' || coalesce(fraction, '') || '0')::numeric, 6))`,
}

const time = {
  name: 'plinth_read_time',
  sql: `${header('plinth_read_time', 'value text')}
declare
  part text[] := regexp_match(value collate "C", '${TIME}', 'i');
begin
  if part is null then
    return plinth_refuse('22007', 'time', value);
  end if;
  return plinth_read_clock(part[1], part[2], part[3], part[4]);
end $read$`,
}

const moment = {
  name: 'plinth_read_moment',
  sql: `${header('plinth_read_moment', 'value text, kind text')}
declare
  part text[] := regexp_match(value collate "C", '${MOMENT}', 'i');
  basic text[];
  zone text[];
  day text;
  found text;
begin
  if part is null then
    basic := regexp_match(value collate "C", '${BASIC}', 'i');
    part := regexp_match(concat(basic[1], '-', basic[2], '-', basic[3], 'T' || basic[4] || ':' || basic[5] || ':' || coalesce(basic[6], '00') || basic[7]), '${MOMENT}', 'i');
  end if;
  if part is null then
    return plinth_refuse(case when value collate "C" ~* '^${SPACE}[+-]?infinity${SPACE}$' then '22008' else '22007' end, kind, value);
  end if;
  zone := regexp_match(part[8], '^([+-])([0-9]{1,2}):?([0-9]{2})?:?([0-9]{2})?$');
  day := ltrim(part[1], '0');
  if length(day) not between 1 and 4 or (kind = 'timestamp' and (zone[2]::int > 15 or zone[3]::int > 59 or zone[4]::int > 59)) then
    return plinth_refuse('22008', kind, value);
  end if;
  day := concat(lpad(day, 4, '0'), '-', part[2], '-', part[3]);
  found := concat(day, ' ', plinth_read_clock(part[4], part[5], part[6], part[7]), '+00');
  if kind = 'date' then
    perform found::timestamptz;
    return day;
  elsif zone is not null then
    found := (found::timestamptz - (zone[1] || coalesce(zone[2], '0') || ':' || coalesce(zone[3], '00') || ':' || coalesce(zone[4], '00'))::interval)::text;
  end if;
  if found::timestamptz not between '0001-01-01 00:00:00+00' and '9999-12-31 23:59:59.999999+00' then
    return plinth_refuse('22008', kind, value);
  end if;
  return found;
end $read$`,
}

const read = {
  name: 'plinth_read',
  sql: `${header('plinth_read', 'value text, kind text')}
begin
  if kind = 'integer' then
    return case when value collate "C" ~ '${INTEGER}' then value else plinth_refuse('22P02', kind, value) end;
  elsif kind in ('decimal', 'float') then
    return plinth_read_number(value, kind);
  elsif kind = 'time' then
    return plinth_read_time(value);
  end if;
  return plinth_read_moment(value, kind);
end $read$`,
}

/** The nearest float: zero for what is smaller than any, a refusal for what is larger. PostgreSQL refuses both. */
const nearest = {
  name: 'plinth_nearest_float',
  sql: `create or replace function plinth_nearest_float(value numeric) returns float8 language sql immutable strict parallel safe
return case when abs(value) <= 2.4703282292062327e-324 then 0::float8 else plinth_read(value::text, 'float')::float8 end`,
}

/** In the order in which they can be made. */
export const reading: readonly { readonly name: string; readonly sql: string }[] = [refuse, number, clock, time, moment, read, nearest]
