/** Order, and scalars out of JSON; the same as `query/json-value.ts` has them. */

/** null < text < numbers < booleans < arrays < objects. */
const rank = {
  name: 'plinth_json_rank',
  sql: `CREATE OR REPLACE FUNCTION plinth_json_rank(value jsonb) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE jsonb_typeof(value) WHEN 'null' THEN 0 WHEN 'string' THEN 1 WHEN 'number' THEN 2 WHEN 'boolean' THEN 3 WHEN 'array' THEN 4 ELSE 5 END`,
}

/** What to sort values of one rank by; NULL where they are all alike. */
const number = {
  name: 'plinth_json_number',
  sql: `CREATE OR REPLACE FUNCTION plinth_json_number(value jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE jsonb_typeof(value) WHEN 'number' THEN value::numeric WHEN 'boolean' THEN value::boolean::int::numeric END`,
}

const string = {
  name: 'plinth_json_string',
  sql: `CREATE OR REPLACE FUNCTION plinth_json_string(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(value) = 'string' THEN value #>> '{}' END`,
}

/** The member of a list at a position, counted from the end where it is negative; nothing else has positions. */
const at = {
  name: 'plinth_json_at',
  sql: `CREATE OR REPLACE FUNCTION plinth_json_at(value jsonb, place int) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE jsonb_typeof(value) WHEN 'array' THEN value -> place END`,
}

/** Below, equal or above zero; NULL for two arrays or objects that are not equal: they have no order. */
const compare = {
  name: 'plinth_json_compare',
  sql: `CREATE OR REPLACE FUNCTION plinth_json_compare(a jsonb, b jsonb) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
    WHEN a = b THEN 0
    WHEN plinth_json_rank(a) <> plinth_json_rank(b) THEN sign(plinth_json_rank(a) - plinth_json_rank(b))::int
    WHEN jsonb_typeof(a) IN ('number', 'boolean') THEN sign(plinth_json_number(a) - plinth_json_number(b))::int
    WHEN jsonb_typeof(a) = 'string' THEN CASE WHEN plinth_json_string(a) COLLATE "C" < plinth_json_string(b) COLLATE "C" THEN -1 ELSE 1 END
  END`,
}

/** As they are sorted: arrays are all alike, and so are objects. */
const order = {
  name: 'plinth_json_order',
  sql: `CREATE OR REPLACE FUNCTION plinth_json_order(a jsonb, b jsonb) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(plinth_json_compare(a, b), 0)`,
}

/** Numbers that are equal in one spelling, so that a group has one. */
const group = {
  name: 'plinth_json_group',
  sql: `CREATE OR REPLACE FUNCTION plinth_json_group(value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE jsonb_typeof(value) WHEN 'number' THEN to_jsonb(trim_scale(value::numeric)) ELSE value END`,
}

/** The text of a JSON number or truth value, for a cast; anything else has none. */
const scalar = {
  name: 'plinth_json_scalar',
  sql: `CREATE OR REPLACE FUNCTION plinth_json_scalar(value jsonb, kind text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(value) = 'number' AND kind <> 'boolean' THEN
    RETURN CASE WHEN kind = 'integer' THEN round(value::numeric)::text ELSE value #>> '{}' END;
  ELSIF jsonb_typeof(value) = 'boolean' AND kind = 'boolean' THEN
    RETURN value #>> '{}';
  END IF;
  RAISE EXCEPTION USING ERRCODE = '22P02', MESSAGE = 'cannot cast jsonb value to type ' || kind;
END
$$`,
}

/** The exact quotient with so many decimals, rounded half away from zero. */
const average = {
  name: 'plinth_avg',
  sql: `CREATE OR REPLACE FUNCTION plinth_avg(total numeric, n bigint, digits int) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN n > 0 THEN
    sign(total) * div(2 * abs(total) * ('1e' || digits)::numeric + n, 2 * n) * ('1e-' || digits)::numeric
  END`,
}

export const json: readonly { readonly name: string; readonly sql: string }[] = [
  rank,
  number,
  string,
  at,
  compare,
  order,
  group,
  scalar,
  average,
]
