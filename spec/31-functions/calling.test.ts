/** Functions over the wire: how they are called, what they are given, what comes back, who may. */
import { expect } from 'vitest'
import { everyDatabase, people, untouched } from './world.ts'

everyDatabase('a function is called by its name with its input, and answers what it gave', async ({ call, balances }) => {
  const answered = await call('ann', 'transfer', { from: 1, to: 2, amount: '40.50' })
  expect(answered).toMatchObject({ status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } })
  expect(answered.body).toEqual({ transfer: expect.stringMatching(/^[0-9a-f-]{36}$/), amount: '40.50' })
  expect(await balances()).toEqual([
    { name: 'Ann', balance: 59.5 },
    { name: 'Bob', balance: 45.5 },
  ])
})

everyDatabase('what it asks by client is asked with the rights of whoever calls', async ({ call }) => {
  expect((await call('ann', 'balance', { name: 'Ann' })).text).toBe('100')
  expect((await call('ann', 'balance', { name: 'Bob' })).text).toBe('0')
  expect((await call('ada', 'balance', { name: 'Bob' })).text).toBe('5')
})

everyDatabase('one that writes nothing is also called by GET, with its input in the URL', async ({ get }) => {
  expect((await get('ann', 'rpc/balance?name=Ann')).text).toBe('100')
  expect((await get('ann', 'rpc/balance?name=Ann&double=true')).text).toBe('200')
  expect((await get('ann', 'rpc/typed?list=%7B1,2%7D&on=false&word=5')).body).toEqual({ list: [1, 2], on: false, word: '5' })
  expect((await get('ann', 'rpc/typed?list=[3]&on=true&word=true')).body).toEqual({ list: [3], on: true, word: 'true' })
})

everyDatabase('one that may write is not called by GET, whoever asks', async ({ get, ask, balances }) => {
  const refused = await get('ann', 'rpc/transfer?from=1&to=2&amount=1.00')
  expect(refused).toMatchObject({ status: 405, headers: { allow: 'OPTIONS,POST' }, body: { code: 'PGRST101' } })
  expect(await ask('/rest/v1/rpc/balance', { as: 'ann', method: 'PUT' })).toMatchObject({ status: 405, body: { code: 'PGRST101' } })
  expect(await ask('/rest/v1/rpc/balance', { method: 'OPTIONS' })).toMatchObject({
    status: 200,
    headers: { allow: 'OPTIONS,GET,HEAD,POST' },
  })
  expect(await balances()).toEqual(untouched)
})

everyDatabase('one that says it writes nothing cannot', async ({ call, balances }) => {
  expect(await call('ann', 'writes_in_vain')).toMatchObject({ status: 405, body: { code: '25006' } })
  expect(await balances()).toEqual(untouched)
})

everyDatabase('input that is not what the function takes is refused, and says each place', async ({ call, get }) => {
  const refused = await call('ann', 'transfer', { from: 1.5, amount: '1.00' })
  expect(refused).toMatchObject({
    status: 400,
    body: { code: '22023', message: 'The input of the function transfer is not what it takes' },
  })
  expect(refused.body).toMatchObject({ details: expect.stringMatching(/from: .+; to: /) })
  expect(await call('ann', 'names', { page: 2 })).toMatchObject({ status: 404 })
  expect(await call('ada', 'names', { page: 2 })).toMatchObject({
    status: 400,
    body: { code: '22023', hint: 'Send no body, or an empty object.' },
  })
  expect(await call('ann', 'transfer', '{"from":')).toMatchObject({ status: 400, body: { code: 'PGRST102' } })
  expect(await get('ann', 'rpc/balance?name=a&name=b')).toMatchObject({ status: 400, body: { code: 'PGRST100' } })
})

everyDatabase('input is JSON or a form, and nothing else', async ({ call }) => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  expect((await call('ann', 'balance', 'name=Ann&double=true', form)).text).toBe('200')
  expect(await call('ann', 'balance', 'Ann', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 })
  expect(await call('ann', 'echo', `${'['.repeat(200)}${']'.repeat(200)}`)).toMatchObject({ status: 400, body: { code: 'too_deep' } })
})

everyDatabase('a function that is not there and one that this asker may not call are the same', async ({ call }) => {
  const instance = /"instance":"[^"]*",?|Could not find the function \w+/g
  const texts = await Promise.all(
    [call('ann', 'names'), call('ann', 'nameless'), call('stranger', 'names'), call('stranger', 'nameless'), call('ann', 'hook')].map(
      async (answered) => [(await answered).status, (await answered).text.replaceAll(instance, '')],
    ),
  )
  expect(texts[0]).toEqual(texts[1])
  expect(texts[2]).toEqual(texts[3])
  expect(texts[0]).toEqual(texts[4])
  expect(texts[0]?.[0]).toBe(404)
  expect(await call('stranger', 'names')).toMatchObject({
    body: {
      code: 'PGRST202',
      message: 'Could not find the function names in the schema cache',
      hint: 'It may be there for those who are signed in.',
    },
  })
})

everyDatabase('who may call is asked of the token, its claims too, and the secret key may always', async ({ call }) => {
  expect((await call('ann', 'red_only')).body).toBe('red')
  expect(await call('bob', 'red_only')).toMatchObject({ status: 404 })
  expect(await call('stranger', 'red_only')).toMatchObject({ status: 404 })
  expect((await call('service', 'red_only')).body).toBe('red')
})

everyDatabase('a function knows who calls', async ({ call }) => {
  expect((await call('ann', 'about_me')).body).toEqual({ kind: 'user', id: people.ann.sub, clerk: false, team: 'red' })
  expect((await call('ada', 'about_me')).body).toEqual({ kind: 'user', id: people.ada.sub, clerk: true, team: null })
  expect((await call('stranger', 'about_me')).body).toEqual({ kind: 'anonymous', id: null, clerk: false, team: null })
  expect((await call('service', 'about_me')).body).toEqual({ kind: 'service', id: null, clerk: false, team: null })
})

everyDatabase('one that gives nothing answers with nothing', async ({ call }) => {
  expect(await call('stranger', 'quiet')).toMatchObject({ status: 204, text: '' })
})

everyDatabase('a list is rows: in CSV, counted, or as the only one', async ({ call, get }) => {
  const listed = await call('ada', 'names')
  expect(listed.body).toEqual([
    { id: 1, name: 'Ann' },
    { id: 2, name: 'Bob' },
  ])
  expect(listed.headers['content-range']).toBe('0-1/*')
  expect((await call('ada', 'names', undefined, { prefer: 'count=exact' })).headers).toMatchObject({
    'content-range': '0-1/2',
    'preference-applied': 'count=exact',
  })
  expect((await get('ada', 'rpc/names', { accept: 'text/csv' })).text).toBe('id,name\n1,Ann\n2,Bob')
  const single = { accept: 'application/vnd.pgrst.object+json' }
  expect(await call('ada', 'names', undefined, single)).toMatchObject({ status: 406, body: { code: 'PGRST116' } })
  expect((await call('ada', 'echo', [{ a: 1, b: null }], single)).body).toEqual({ a: 1, b: null })
  expect((await call('ada', 'echo', { a: 1, b: null }, { accept: 'application/vnd.pgrst.object+json;nulls=stripped' })).text).toBe(
    '{"a":1}',
  )
  expect(await call('ada', 'echo', [1, 2], { accept: 'text/csv' })).toMatchObject({ status: 406, body: { code: 'PGRST107' } })
})

everyDatabase('a result cannot be filtered, and that is said rather than passed over', async ({ call, get }) => {
  for (const shaped of ['select=id', 'id=eq.1', 'order=name', 'limit=1']) {
    expect(await call('ada', `names?${shaped}`)).toMatchObject({ status: 400, body: { code: 'PGRST127' } })
  }
  expect(await get('ada', 'rpc/names?id=eq.1')).toMatchObject({ status: 400, body: { code: 'PGRST127' } })
  expect(await get('ada', 'rpc/names', { accept: 'application/vnd.pgrst.plan' })).toMatchObject({ status: 400, body: { code: 'PGRST127' } })
})

everyDatabase('a rehearsal does and answers all of it, and then undoes it', async ({ call, balances }) => {
  const answered = await call('ann', 'transfer', { from: 1, to: 2, amount: '40.50' }, { prefer: 'tx=rollback' })
  expect(answered).toMatchObject({ status: 200, body: { amount: '40.50' }, headers: { 'preference-applied': 'tx=rollback' } })
  expect(await balances()).toEqual(untouched)
  expect(await call('ann', 'twice', undefined, { prefer: 'tx=rollback' })).toMatchObject({ status: 400, body: { code: '0A000' } })
})
