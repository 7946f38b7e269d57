/** A fn is one transaction: all or nothing, whatever happens in it; an action is none. */
import { expect } from 'vitest'
import { everyDatabase, left, tried, untouched } from './world.ts'

everyDatabase('a function that fails on purpose tells its own code, and nothing of it is kept', async ({ call, balances }) => {
  const refused = await call('ann', 'transfer', { from: 1, to: 2, amount: '100.01' })
  expect(refused).toMatchObject({
    status: 409,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: {
      code: 'not_covered',
      message: 'The account does not hold that much.',
      hint: 'Send less.',
      title: 'The function refused',
      status: 409,
    },
  })
  expect(await balances()).toEqual(untouched)
})

everyDatabase(
  'a function that throws is an error of ours, of which nobody learns more, and nothing of it is kept',
  async ({ call, balances }) => {
    const failed = await call('ann', 'throws')
    expect(failed).toMatchObject({ status: 500, body: { code: 'XX000', details: null } })
    expect(failed.text).not.toContain('salt')
    expect(await balances()).toEqual(untouched)
  },
)

everyDatabase('a statement that failed loses the transaction, even where the code goes on', async ({ call, balances }) => {
  expect(await call('ann', 'swallows')).toMatchObject({ status: 409, body: { code: '23505' } })
  expect(await balances()).toEqual(untouched)
})

everyDatabase('a result that cannot be told is an error, and nothing of it is kept', async ({ call, balances }) => {
  expect(await call('ann', 'unsayable')).toMatchObject({ status: 500, body: { code: 'XX000' } })
  expect(await balances()).toEqual(untouched)
})

everyDatabase('a transaction that another one got in the way of is run again, until both are kept', async ({ call, balances }) => {
  tried.count = 0
  const answers = await Promise.all(Array.from({ length: 5 }, () => call('ann', 'conflicted')))
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204])
  expect(await balances()).toMatchObject([{ balance: 105 }, { balance: 5 }])
  expect(tried.count).toBeGreaterThanOrEqual(5)
})

everyDatabase('a call to outside is refused in a transaction, and says what to do', async ({ call }) => {
  expect(await call('ann', 'calls_outside')).toMatchObject({
    status: 500,
    body: { code: 'outside_call', hint: expect.stringContaining('action') },
  })
  expect((await call('ann', 'acts_inside')).body).toMatchObject({ code: 'outside_call' })
})

everyDatabase('a function that takes too long is stopped, and nothing of it is kept', async ({ call, balances }) => {
  const began = performance.now()
  expect(await call('ann', 'never_ends')).toMatchObject({ status: 504, body: { code: '57014' } })
  expect(performance.now() - began).toBeLessThan(2000)
  expect(left.signal?.aborted).toBe(true)
  await expect(left.work).rejects.toMatchObject({ code: '57014' })
  expect(await balances()).toEqual(untouched)
  expect(await call('ann', 'lingers')).toMatchObject({ status: 504, body: { code: '57014' } })
})

everyDatabase('what a function leaves running cannot reach the database when it has ended', async ({ call }) => {
  expect(await call('ann', 'leaves')).toMatchObject({ status: 204 })
  await expect(left.work).rejects.toMatchObject({ code: '25P02' })
})

everyDatabase('what is asked by client in a transaction is a part of it, and undone alone where it fails', async ({ call, balances }) => {
  expect((await call('ann', 'careful')).body).toEqual({
    first: null,
    second: expect.objectContaining({ code: 'not_covered', message: 'The account does not hold that much.', hint: 'Send less.' }),
    third: null,
    transfers: 1,
  })
  expect(await balances()).toEqual([
    { name: 'Ann', balance: 90 },
    { name: 'Bob', balance: 15 },
  ])
})

everyDatabase('an error of a client that is thrown on is still that error', async ({ call, balances }) => {
  expect(await call('ann', 'rethrows')).toMatchObject({ status: 409, body: { code: 'not_covered', hint: 'Send less.' } })
  expect(await balances()).toEqual(untouched)
})

everyDatabase('functions that call each other without end are stopped', async ({ call }) => {
  const answered = await call('ann', 'around')
  expect(answered.text).toContain('too_deep')
})

everyDatabase('a function that is called again with the same Idempotency-Key is done once', async ({ call, balances }) => {
  const key = { 'idempotency-key': 'transfer-1' }
  const input = { from: 1, to: 2, amount: '10.00' }
  const first = await call('ann', 'transfer', input, key)
  const again = await call('ann', 'transfer', input, key)
  expect(again).toMatchObject({ status: 200, text: first.text, headers: { 'idempotent-replayed': 'true' } })
  expect(await balances()).toMatchObject([{ balance: 90 }, { balance: 15 }])
  expect(await call('ann', 'transfer', { ...input, amount: '11.00' }, key)).toMatchObject({ status: 422 })
  for (const replayed of [undefined, 'true']) {
    const quiet = await call('ann', 'quiet', undefined, { 'idempotency-key': 'quiet-1' })
    expect([quiet.status, quiet.headers['idempotent-replayed']]).toEqual([204, replayed])
  }
})

everyDatabase('one that failed is done when it is called again', async ({ call, sql, balances, database }) => {
  const key = { 'idempotency-key': 'transfer-2' }
  const input = { from: 1, to: 2, amount: '200.00' }
  expect(await call('ann', 'transfer', input, key)).toMatchObject({ status: 409, body: { code: 'not_covered' } })
  await sql(`UPDATE accounts SET balance = ${database === 'SQLite' ? 50000 : 500} WHERE id = 1`)
  expect(await call('ann', 'transfer', input, key)).toMatchObject({ status: 200 })
  expect(await balances()).toMatchObject([{ balance: 300 }, { balance: 205 }])
})

everyDatabase('an action takes no key, because nobody could keep the promise', async ({ call }) => {
  expect(await call('ann', 'twice', undefined, { 'idempotency-key': 'action-1' })).toMatchObject({ status: 400, body: { code: '0A000' } })
})

everyDatabase('in an action each call is a transaction of its own', async ({ call, balances }) => {
  expect((await call('ann', 'twice')).body).toMatchObject({ one: { amount: '1.00' }, two: { code: 'not_covered' } })
  expect(await balances()).toEqual([
    { name: 'Ann', balance: 99 },
    { name: 'Bob', balance: 6 },
  ])
})

everyDatabase('a function in a batch is a part of it; an action is refused', async ({ ask, balances }) => {
  const headers = { 'content-type': 'application/vnd.plinth.batch+json' }
  const transfer = { method: 'POST', path: 'rpc/transfer', body: { from: 1, to: 2, amount: '10.00' } }
  const batch = (...operations: readonly object[]) => ask('/rest/v1/', { as: 'ann', method: 'POST', headers, body: { operations } })
  expect(await batch(transfer, { path: 'accounts?select=balance&id=eq.1' })).toMatchObject({
    status: 200,
    body: { results: [{ status: 200, body: { amount: '10.00' } }, { body: [{ balance: 90 }] }] },
  })
  expect(await batch(transfer, { ...transfer, body: { ...transfer.body, amount: '500.00' } })).toMatchObject({
    status: 409,
    body: { code: 'not_covered', operation: '1' },
  })
  expect(await balances()).toMatchObject([{ balance: 90 }, { balance: 15 }])
  expect(await batch({ method: 'POST', path: 'rpc/twice' })).toMatchObject({ status: 500, body: { code: 'outside_call' } })
})
