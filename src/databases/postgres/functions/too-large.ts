/** PostgreSQL's own code for what passes a limit is also that of values no index can hold. */
export const TOO_LARGE_STATE = 'PL001'

/** `plinth_too_large()` fails, where an answer has grown larger than it may be. Volatile, so that nobody tries it beforehand. */
export const tooLarge = {
  name: 'plinth_too_large',
  sql: `create or replace function plinth_too_large() returns text language plpgsql volatile parallel safe as $$
begin
  raise exception 'the answer is larger than it may be' using errcode = '${TOO_LARGE_STATE}';
end $$`,
}
