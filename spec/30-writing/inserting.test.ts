/** Putting rows in: one and many, what comes back, defaults, values, and what stands in the way. */
import { expect } from 'vitest'
import { everyDatabase, task } from './world.ts'

const rep = 'return=representation'
const project = { id: 5, owner_id: 1, code: 'BENCH-5', title: 'Bench' }

everyDatabase('a row that is put in is there, and the answer says no more than that', async ({ send, held }) => {
  const answered = await send('ann', 'POST', 'projects', project)
  expect(answered).toMatchObject({ status: 201, text: '', headers: { 'content-range': '*/*' } })
  expect(answered.headers['location']).toBeUndefined()
  expect(await held('projects?id=eq.5&select=title,state,budget')).toEqual([{ title: 'Bench', state: 'draft', budget: 0 }])
})

everyDatabase('a row comes back as it is in the database, with its defaults and what is computed', async ({ send }) => {
  const answered = await send('ann', 'POST', 'projects?select=id,state,budget,margin,owner(name)', { ...project, budget: '12.5' }, rep)
  expect(answered).toMatchObject({ status: 201, headers: { 'preference-applied': rep } })
  expect(answered.text).toBe('[{"id":5,"state":"draft","budget":12.50,"margin":25.00,"owner":{"name":"Ann"}}]')
})

everyDatabase('the address of a new row is told where it is asked for', async ({ send }) => {
  const answered = await send('ann', 'POST', 'members', { project_id: 2, person_id: 3 }, 'return=headers-only')
  expect(answered).toMatchObject({ status: 201, text: '', headers: { location: '/rest/v1/members?project_id=eq.2&person_id=eq.3' } })
})

everyDatabase('several rows go in together, and come back in the order in which they were given', async ({ send }) => {
  const rows = [
    { id: 7, owner_id: 1, code: 'B-7', title: 'Seven' },
    { id: 5, owner_id: 1, code: 'B-5', title: 'Five' },
    { id: 6, owner_id: 1, code: 'B-6', title: 'Six' },
  ]
  const answered = await send('ann', 'POST', 'projects?select=title', rows, `${rep}, count=exact`)
  expect(answered).toMatchObject({ status: 201, headers: { 'content-range': '*/3' } })
  expect(answered.body).toEqual([{ title: 'Seven' }, { title: 'Five' }, { title: 'Six' }])
  const ordered = await send(
    'ann',
    'POST',
    'projects?select=title&order=title',
    rows.map((row, at) => ({ ...row, id: 10 + at, code: `C-${at}` })),
    rep,
  )
  expect(ordered.body).toEqual([{ title: 'Five' }, { title: 'Seven' }, { title: 'Six' }])
})

everyDatabase('no rows are put in without complaint', async ({ send }) => {
  expect(await send('ann', 'POST', 'projects', [], rep)).toMatchObject({ status: 201, body: [] })
})

everyDatabase('rows that do not all have the same members are refused, unless their columns are named', async ({ send }) => {
  const rows = [
    { project_id: 1, title: 'Door', points: 2 },
    { project_id: 1, title: 'Window' },
  ]
  expect(await send('ann', 'POST', 'tasks', rows)).toMatchObject({
    status: 400,
    body: { code: 'PGRST102', message: 'All object keys must match' },
  })
  const named = await send('ann', 'POST', 'tasks?columns=project_id,title,points&select=title,points,done', rows, rep)
  expect(named.body).toEqual([
    { title: 'Door', points: 2, done: false },
    { title: 'Window', points: null, done: false },
  ])
})

everyDatabase('what a row lacks is NULL, or its default where that is asked for', async ({ send }) => {
  const rows = [{ title: 'Paint', project_id: 1 }]
  const path = 'tasks?columns=title,project_id,done,tags&select=done,tags'
  expect(await send('ann', 'POST', path, rows)).toMatchObject({ status: 400, body: { code: '23502' } })
  expect((await send('ann', 'POST', path, rows, `${rep}, missing=default`)).body).toEqual([{ done: false, tags: null }])
})

everyDatabase('members that are not among the named columns are passed over', async ({ send }) => {
  const answered = await send(
    'ann',
    'POST',
    'projects?columns=id,owner_id,code,title&select=title,budget',
    { ...project, budget: '77', whatever: 1 },
    rep,
  )
  expect(answered.body).toEqual([{ title: 'Bench', budget: 0 }])
})

everyDatabase('a new row has an id that the server makes, or the one that is given', async ({ send }) => {
  const made = await send('ann', 'POST', 'tasks?select=id', { project_id: 1, title: 'Door' }, rep)
  expect(made.body).toEqual([{ id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) }])
  const given = await send('ann', 'POST', 'tasks?select=id', { id: task('b1').toUpperCase(), project_id: 1, title: 'Window' }, rep)
  expect(given.body).toEqual([{ id: task('b1') }])
})

everyDatabase('values keep every digit, element and byte', async ({ send }) => {
  const row =
    '{"project_id":1,"title":"\\u00dcn\u00ef \\ud83d\\ude00","points":9223372036854775807,"due_at":"2026-11-21T02:15:29.1234567+01:00","details":12345678901234567890.10,"tags":["a, b","\\"q\\"",""],"icon":"AAEC/w=="}'
  const answered = await send('ann', 'POST', 'tasks?select=title,points,due_at,details,tags,icon', row, rep)
  expect(answered.text).toBe(
    '[{"title":"Ünï 😀","points":9223372036854775807,"due_at":"2026-11-21T01:15:29.123457+00:00","details":12345678901234567890.10,"tags":["a, b","\\"q\\"",""],"icon":"AAEC/w=="}]',
  )
})

everyDatabase('JSON is what it is: an object, a list, a string, a number', async ({ send }) => {
  const kinds = [{ a: 1 }, [1], 'text', 7, true]
  const rows = kinds.map((details, at) => ({ project_id: 1, title: `Kind ${at}`, details }))
  expect((await send('ann', 'POST', 'tasks?select=details', rows, rep)).body).toEqual(kinds.map((details) => ({ details })))
})

everyDatabase('a value that is not of its type is refused, with the column it is for', async ({ send }) => {
  const wrong = async (more: object): Promise<unknown> =>
    (await send('ann', 'POST', 'tasks', { project_id: 1, title: 'Odd', ...more })).body
  expect(await wrong({ points: 'many' })).toMatchObject({ code: '22P02', details: 'Column "points".' })
  expect(await wrong({ points: 9223372036854775808n.toString() })).toMatchObject({ code: '22003' })
  expect(await wrong({ due_at: 'soon' })).toMatchObject({ code: '22007' })
  expect(await wrong({ done: 'perhaps' })).toMatchObject({ code: '22P02' })
  expect(await wrong({ title: 'a\0b' })).toMatchObject({ code: '22021' })
  expect(await wrong({ icon: '!' })).toMatchObject({ code: '22P02' })
})

everyDatabase('a constraint that is broken is named, and nothing of the request is kept', async ({ send, held }) => {
  const before = await held('projects?select=id')
  const refused = async (more: object): Promise<unknown> =>
    (
      await send(
        'ann',
        'POST',
        'projects',
        [project, { ...project, id: 6, code: 'B-6', ...more }].map((row) => ({ state: 'draft', parent_id: null, ...row })),
      )
    ).body
  expect(await refused({ code: 'SHED-1' })).toMatchObject({
    code: '23505',
    message: 'duplicate key value violates unique constraint "projects_code_key"',
    details: 'Key (code)=(SHED-1) already exists.',
  })
  expect(await refused({ id: 1 })).toMatchObject({ code: '23505', message: expect.stringContaining('"projects_pkey"') })
  expect(await refused({ title: '' })).toMatchObject({ code: '23514', message: expect.stringContaining('"projects_title_check"') })
  expect(await refused({ code: 'nope' })).toMatchObject({ code: '23514', message: expect.stringContaining('"projects_code_check"') })
  expect(await refused({ state: 'lost' })).toMatchObject({ code: '23514', message: expect.stringContaining('"projects_state_check"') })
  expect(await refused({ title: null })).toMatchObject({ code: '23502', message: expect.stringContaining('"title"') })
  expect(await refused({ state: 'done' })).toMatchObject({ code: '23514', message: expect.stringContaining('"projects_done_is_funded"') })
  expect(await refused({ parent_id: 404 })).toMatchObject({ code: '23503' })
  expect(await held('projects?select=id')).toEqual(before)
})

everyDatabase('a reference to a row that is not there is refused by the name of the constraint', async ({ send }) => {
  expect((await send('ann', 'POST', 'projects', { ...project, parent_id: 404 })).body).toMatchObject({
    code: '23503',
    message: 'insert or update on table "projects" violates foreign key constraint "projects_parent_id_fkey"',
    details: 'Key (parent_id)=(404) is not present in table "projects".',
  })
})

everyDatabase('names that are not there are refused as such', async ({ send }) => {
  expect((await send('ann', 'POST', 'nowhere', {})).body).toMatchObject({ code: 'PGRST205' })
  expect((await send('ann', 'POST', 'projects', { ...project, colour: 'red' })).body).toMatchObject({
    code: 'PGRST204',
    message: "Could not find the 'colour' column of 'projects'",
  })
  expect((await send('ann', 'POST', 'projects?columns=colour', project)).body).toMatchObject({ code: 'PGRST204' })
  expect((await send('ann', 'POST', 'projects', { ...project, margin: 1 })).body).toMatchObject({ code: '428C9' })
})

everyDatabase('a body that is no row is refused', async ({ send }) => {
  for (const body of ['', '{', '[1]', '[{"id":1},2]', '{"id":1,"id":2}', '\u{feff}']) {
    expect((await send('ann', 'POST', 'projects', body)).body, body).toMatchObject({ code: 'PGRST102' })
  }
  expect((await send('ann', 'POST', 'projects', `${'['.repeat(200)}${']'.repeat(200)}`)).body).toMatchObject({ code: 'too_deep' })
  expect(await send('ann', 'POST', 'projects', 'id: 5', '', { 'content-type': 'text/yaml' })).toMatchObject({
    status: 415,
    body: { code: 'unsupported_media_type' },
  })
})

everyDatabase('CSV goes in: an empty field is no value, a quoted one is text', async ({ send }) => {
  const csv = 'title,project_id,points,tags\r\n"Door, left",1,,"{oak,""light grey""}"\r\n"",1,NULL,NULL\r\n"NULL",1,4,\r\n'
  const answered = await send('ann', 'POST', 'tasks?select=title,points,tags', csv, rep, { 'content-type': 'text/csv' })
  expect(answered.body).toEqual([
    { title: 'Door, left', points: null, tags: ['oak', 'light grey'] },
    { title: '', points: null, tags: null },
    { title: 'NULL', points: 4, tags: null },
  ])
  const odd = (text: string): Promise<unknown> =>
    send('ann', 'POST', 'tasks', text, '', { 'content-type': 'text/csv' }).then(({ body }) => body)
  expect(await odd('title,project_id\nDoor')).toMatchObject({ code: 'PGRST102', message: 'All lines must have same number of fields' })
  expect(await odd('title,title\na,b')).toMatchObject({ code: 'PGRST102' })
  expect(await odd('title\n"a')).toMatchObject({ code: 'PGRST102' })
})

everyDatabase('CSV that was read can be sent back', async ({ send, ask, held }) => {
  await send('service', 'POST', 'tasks', [
    { project_id: 1, title: 'NULL', points: null, tags: ['', 'a"b'], details: { a: '1,2' } },
    { project_id: 1, title: 'Line\nend', points: -1, tags: null, details: null },
  ])
  const path = 'tasks?select=id,project_id,title,points,tags,details&order=title'
  const before = await held(path)
  const { text } = await ask(`/rest/v1/${path}`, { as: 'service', headers: { accept: 'text/csv' } })
  await send('service', 'DELETE', 'tasks')
  expect(await send('service', 'POST', 'tasks', text, '', { 'content-type': 'text/csv' })).toMatchObject({ status: 201 })
  expect(await held(path)).toEqual(before)
})

everyDatabase('a form goes in as one row', async ({ send }) => {
  const form = 'title=Saw+%26+glue&project_id=1&points=2'
  const answered = await send('ann', 'POST', 'tasks?select=title,points', form, rep, {
    'content-type': 'application/x-www-form-urlencoded',
  })
  expect(answered.body).toEqual([{ title: 'Saw & glue', points: 2 }])
})

everyDatabase('a single row is given back as an object, and several are refused before they are kept', async ({ send, held }) => {
  const accept = { accept: 'application/vnd.pgrst.object+json' }
  expect(await send('ann', 'POST', 'tasks?select=title', { project_id: 1, title: 'Door' }, rep, accept)).toMatchObject({
    status: 201,
    body: { title: 'Door' },
  })
  const two = [
    { project_id: 1, title: 'A' },
    { project_id: 1, title: 'B' },
  ]
  expect((await send('ann', 'POST', 'tasks?select=title', two, rep, accept)).body).toMatchObject({ code: 'PGRST116' })
  expect(await held('tasks?title=in.(A,B)')).toEqual([])
})

everyDatabase('rows that the asker may not read afterwards are put in and not shown', async ({ send, held }) => {
  expect(await send('stranger', 'POST', 'messages', { words: 'Hello' }, rep)).toMatchObject({ status: 201, body: [] })
  const single = await send('stranger', 'POST', 'messages', { words: 'Again' }, rep, { accept: 'application/vnd.pgrst.object+json' })
  expect(single).toMatchObject({ status: 201, text: '' })
  const address = await send('stranger', 'POST', 'messages', { words: 'Third' }, 'return=headers-only')
  expect(address.status).toBe(201)
  expect(address.headers['location']).toBeUndefined()
  expect(await held('messages?select=words&order=words')).toEqual([{ words: 'Again' }, { words: 'Hello' }, { words: 'Third' }])
})

everyDatabase('a table that rows may be put into and not read from is there for nothing else', async ({ send, held }) => {
  await send('stranger', 'POST', 'messages', { words: 'Hello' })
  const [{ id }] = (await held('messages?select=id')) as [{ id: string }]
  for (const path of ['messages', `messages/${id}`]) {
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect((await send('stranger', method, path, method === 'PATCH' ? { seen: true } : undefined)).body).toMatchObject({
        code: 'PGRST205',
      })
  }
  expect((await send('stranger', 'PUT', `messages/${id}`, { words: 'Bye' })).body).toMatchObject({ code: '42501' })
  expect((await send('stranger', 'POST', 'messages', { id, words: 'Bye' }, 'resolution=ignore-duplicates')).body).toMatchObject({
    code: '23505',
  })
  expect(await held('messages?select=words,seen')).toEqual([{ words: 'Hello', seen: false }])
})

everyDatabase('an insert that is rehearsed is answered and leaves nothing behind', async ({ send, held }) => {
  const answered = await send('ann', 'POST', 'projects?select=title,margin', project, `${rep}, tx=rollback`)
  expect(answered).toMatchObject({
    status: 201,
    body: [{ title: 'Bench', margin: 0 }],
    headers: { 'preference-applied': `${rep}, tx=rollback` },
  })
  expect(await held('projects?id=eq.5')).toEqual([])
})

everyDatabase('filters and pages have no meaning for rows that go in', async ({ send }) => {
  expect((await send('ann', 'POST', 'projects?id=eq.5', project)).body).toMatchObject({ code: 'PGRST127' })
  expect((await send('ann', 'POST', 'projects?limit=1', project)).body).toMatchObject({ code: 'PGRST127' })
})

everyDatabase('more rows than an answer holds go in without coming back', async ({ send, held }) => {
  const rows = Array.from({ length: 1200 }, (_, at) => ({ project_id: 1, title: `Task ${at}` }))
  expect((await send('ann', 'POST', 'tasks', rows, rep)).body).toMatchObject({ code: 'too_complex' })
  expect(await held('tasks?select=count()&title=like.Task*')).toEqual([{ count: 0 }])
  expect(await send('ann', 'POST', 'tasks', rows, 'count=exact')).toMatchObject({ status: 201, headers: { 'content-range': '*/1200' } })
})
