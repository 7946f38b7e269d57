/**
 * `plinth_float(float8)`: a float as ECMAScript prints it: the fewest digits that read back as the same number.
 * PostgreSQL prints those too (with `extra_float_digits` at 1, its default, or above), with two differences.
 *
 * 1. The exponent begins elsewhere: from 1e21 up and below 1e-6, where PostgreSQL has 1e15 and 1e-4.
 * 2. A decimal that is exactly halfway between two floats reads back as the even one. ECMAScript counts on that,
 *    PostgreSQL does not and prints more digits. Only whole numbers from 2^53 up can be halfway with few enough digits
 *    (an odd number of 54 bits times a power of two, that is also at most 16 digits times a power of ten: below 1e42),
 *    so `plinth_float_whole` looks for fewer digits there.
 */
export const wholeFloat = {
  name: 'plinth_float_whole',
  sql: `create or replace function plinth_float_whole(float8) returns text language plpgsql immutable strict parallel safe as $float$
declare
  value numeric := $1::text::numeric;
  size integer := length(abs(value)::text);
  unit numeric;
  shorter numeric;
  digits text;
begin
  for kept in 1..16 loop
    unit := ('1e' || (size - kept))::numeric;
    shorter := div(value, unit) * unit;
    if shorter::float8 <> $1 then
      shorter := shorter + sign(value) * unit;
    end if;
    if shorter::float8 = $1 then
      value := shorter;
      exit;
    end if;
  end loop;
  if abs(value) < 1e21 then
    return value::text;
  end if;
  digits := rtrim(abs(value)::text, '0');
  return case when value < 0 then '-' else '' end || left(digits, 1)
    || case when length(digits) > 1 then '.' || substr(digits, 2) else '' end || 'e+' || (length(abs(value)::text) - 1);
end $float$`,
}

// Not `strict`: the server puts the body of a function in the place of its call only where it needs no test for NULL.
export const float = {
  name: 'plinth_float',
  sql: `create or replace function plinth_float(float8) returns text language sql immutable parallel safe
return case
  when $1 = 0 then '0'
  when abs($1) >= 1e42 then $1::text
  when abs($1) >= 9007199254740992 then plinth_float_whole($1)
  when abs($1) >= 1e15 then $1::text::numeric::text
  when abs($1) < 1e-6 then replace($1::text, 'e-0', 'e-')
  when abs($1) < 1e-4 then $1::text::numeric::text
  else $1::text
end`,
}
