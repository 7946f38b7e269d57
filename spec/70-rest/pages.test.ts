import { expect } from 'vitest'
import { everyDatabaseOf, type Here } from '../harness.ts'
import { cinema, rows } from './films.ts'

const everyDatabase = everyDatabaseOf({ backend: cinema, rows, people: {} })

/** The ids of every page, from the first on, by the links that the answers give. */
async function walk(ask: Here<never>['ask'], path: string): Promise<unknown[][]> {
  const pages: unknown[][] = []
  for (let next: string | undefined = path; next !== undefined && pages.length < 20;) {
    const { status, headers, body } = await ask(next)
    expect(status).toBe(200)
    pages.push(JSON.parse(JSON.stringify(body)).map(({ id }: { id: unknown }) => id))
    next = /<([^>]+)>; rel="next"/.exec(headers['link'] ?? '')?.[1]
  }
  return pages
}

everyDatabase('pages that follow their links have every row once, in order', async ({ ask }) => {
  expect((await walk(ask, '/rest/v1/films?select=id&order=year&limit=4&after=')).flat()).toEqual([2, 1, 3, 5, 4, 6])
  expect((await walk(ask, '/rest/v1/films?select=id&order=year.desc&limit=1&after=')).flat()).toEqual([6, 4, 5, 3, 1, 2])
})

everyDatabase('pages with equal and missing values go on at the right row', async ({ ask }) => {
  expect((await walk(ask, '/rest/v1/films?select=id&order=language&limit=2&after=')).flat()).toEqual([2, 4, 5, 6, 1, 3])
  expect((await walk(ask, '/rest/v1/films?select=id&order=language.desc,rating.nullsfirst&limit=1&after=')).flat()).toEqual([
    3, 1, 2, 6, 5, 4,
  ])
  expect((await walk(ask, '/rest/v1/people?select=id&order=age.desc.nullslast&limit=1&after=')).flat()).toEqual([2, 1, 3])
})

everyDatabase('pages keep to the filter', async ({ ask }) => {
  expect((await walk(ask, '/rest/v1/films?select=id&year=lt.1990&order=title.desc&limit=2&after=')).flat()).toEqual([1, 3, 2])
})

everyDatabase('a token is for its own order', async ({ ask }) => {
  const { headers } = await ask('/rest/v1/films?select=id&order=year,title&limit=2&after=')
  const token = /after=([^>]+)>/.exec(headers['link'] ?? '')?.[1]
  expect(await ask(`/rest/v1/films?select=id&order=year&limit=2&after=${token}`)).toMatchObject({ status: 400, body: { code: '22P02' } })
})
