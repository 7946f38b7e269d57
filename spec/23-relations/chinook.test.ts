/**
 * Real data: a music store of 15,607 rows, brought in with `plinth import`, and twelve questions about it. Each is one
 * HTTP request, printed as it is sent, and its body is compared whole: all the choosing, ordering and counting is the
 * request's own. Andrew, the general manager, asks; the rules let him see the customers of everybody below him.
 */
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import chinook from '../../examples/chinook/plinth.ts'
import { plinth } from '../86-cli/command.ts'
import type { FreshDatabase } from '../databases.ts'
import { everyDatabaseOf, type Here } from '../harness.ts'

const root = join(import.meta.dirname, '../..')
const data = join(root, '../shared/data/chinook')
const backend = join(root, 'examples/chinook')
const missing = !existsSync(data)
if (missing) console.warn(`The questions about Chinook are skipped: its rows are not at ${join('..', 'shared/data/chinook')}.`)

const people = {
  andrew: { sub: '0197c000-0000-7000-8000-000000000001', claims: { employee: 1 } },
  jane: { sub: '0197c000-0000-7000-8000-000000000003', claims: { employee: 3 } },
}
type Person = keyof typeof people

interface Asked {
  readonly title: string
  readonly path: string
  readonly body: readonly unknown[]
}

const questions: readonly Asked[] = [
  {
    title: 'the ten longest tracks of the genre Rock, longest first',
    path: '/rest/v1/Track?select=TrackId,Milliseconds,genre!inner()&genre.Name=eq.Rock&order=Milliseconds.desc&limit=10',
    body: [
      { TrackId: 1666, Milliseconds: 1612329 },
      { TrackId: 620, Milliseconds: 1196094 },
      { TrackId: 1581, Milliseconds: 1116734 },
      { TrackId: 2429, Milliseconds: 1070027 },
      { TrackId: 2432, Milliseconds: 934791 },
      { TrackId: 621, Milliseconds: 913658 },
      { TrackId: 2427, Milliseconds: 882834 },
      { TrackId: 2565, Milliseconds: 880640 },
      { TrackId: 1670, Milliseconds: 863895 },
      { TrackId: 622, Milliseconds: 854700 },
    ],
  },
  {
    title: 'how many tracks have a composer whose name holds lars in any case',
    path: '/rest/v1/Track?select=count()&Composer=ilike.*lars*',
    body: [{ count: 47 }],
  },
  {
    title: 'tracks without a composer, counted',
    path: '/rest/v1/Track?select=count()&Composer=is.null',
    body: [{ count: 977 }],
  },
  {
    title: 'the five countries with the largest sum of invoices, then by name',
    path: '/rest/v1/Invoice?select=BillingCountry,total:Total.sum()&order=total.desc,BillingCountry&limit=5',
    body: [
      { BillingCountry: 'USA', total: 523.06 },
      { BillingCountry: 'Canada', total: 303.96 },
      { BillingCountry: 'France', total: 195.1 },
      { BillingCountry: 'Brazil', total: 190.1 },
      { BillingCountry: 'Germany', total: 156.48 },
    ],
  },
  {
    title: 'customer 5 with the seller and the number of invoices',
    path: '/rest/v1/Customer?select=CustomerId,FirstName,LastName,...seller(seller_first:FirstName,seller_last:LastName),Invoice(count())&CustomerId=eq.5',
    body: [
      {
        CustomerId: 5,
        FirstName: 'František',
        LastName: 'Wichterlová',
        seller_first: 'Margaret',
        seller_last: 'Park',
        Invoice: [{ count: 7 }],
      },
    ],
  },
  {
    title: 'the albums of AC/DC with how many tracks each has',
    path: '/rest/v1/Album?select=AlbumId,Title,Track(count()),artist!inner()&artist.Name=eq.AC/DC&order=AlbumId',
    body: [
      { AlbumId: 1, Title: 'For Those About To Rock We Salute You', Track: [{ count: 10 }] },
      { AlbumId: 4, Title: 'Let There Be Rock', Track: [{ count: 8 }] },
    ],
  },
  {
    title: 'the playlists that hold track 1, over the join table',
    path: '/rest/v1/Playlist?select=PlaylistId,Name,Track!inner()&Track.TrackId=eq.1&order=PlaylistId',
    body: [
      { PlaylistId: 1, Name: 'Music' },
      { PlaylistId: 8, Name: 'Music' },
      { PlaylistId: 17, Name: 'Heavy Metal Classic' },
    ],
  },
  {
    title: 'who reports to employee 2',
    path: '/rest/v1/Employee?select=EmployeeId,LastName&ReportsTo=eq.2&order=EmployeeId',
    body: [
      { EmployeeId: 3, LastName: 'Peacock' },
      { EmployeeId: 4, LastName: 'Park' },
      { EmployeeId: 5, LastName: 'Johnson' },
    ],
  },
  {
    title: 'artists with no album, counted',
    path: '/rest/v1/Artist?select=count(),Album()&Album=is.null',
    body: [{ count: 71 }],
  },
  {
    title: 'customers who bought at least one track of the genre Jazz, counted',
    path: '/rest/v1/Customer?select=count(),Invoice!inner(InvoiceLine!inner(track!inner(genre!inner())))&Invoice.InvoiceLine.track.genre.Name=eq.Jazz',
    body: [{ count: 32 }],
  },
  {
    title: 'tracks 3490 to 3503 from the last on, the third page of four',
    path: '/rest/v1/Track?select=TrackId&TrackId=gte.3490&TrackId=lte.3503&order=TrackId.desc&limit=4&offset=8',
    body: [{ TrackId: 3495 }, { TrackId: 3494 }, { TrackId: 3493 }, { TrackId: 3492 }],
  },
  {
    // To two places, 1.98532710 is 1.99.
    title: 'media types with their number of tracks and the average price',
    path: '/rest/v1/MediaType?select=Name,Track(count(),price:UnitPrice.avg())&order=MediaTypeId',
    body: [
      { Name: 'MPEG audio file', Track: [{ count: 3034, price: 0.99 }] },
      { Name: 'Protected AAC audio file', Track: [{ count: 237, price: 0.99 }] },
      { Name: 'Protected MPEG-4 video file', Track: [{ count: 214, price: 1.9853271 }] },
      { Name: 'Purchased AAC audio file', Track: [{ count: 7, price: 0.99 }] },
      { Name: 'AAC audio file', Track: [{ count: 11, price: 0.99 }] },
    ],
  },
]

/** The real command, on the database that the sentences are then asked on. */
async function fill({ url, folder }: FreshDatabase): Promise<void> {
  const ran = await plinth(['import', data, '--backend', backend], { cwd: folder, env: { DATABASE_URL: url, PLINTH_DATA: folder } })
  if (ran.code !== 0) throw new Error(`plinth import ended with ${ran.code}\n${ran.err}${ran.out}`)
  expect(ran.out).toContain('All: 15,607 rows of 15,607')
}

const said = new Map<string, string>()

describe.skipIf(missing)('Chinook', () => {
  const everyDatabase = everyDatabaseOf({ backend: chinook, fill, people, settings: { PORT: '0', PLINTH_LOG_LEVEL: 'error' } })

  for (const { title, path, body } of questions) {
    everyDatabase(title, async (here) => {
      const answer = await get(here, 'andrew', path)
      expect(JSON.parse(answer.text)).toEqual(body)
      expect(answer.status).toBe(200)
      // Byte for byte what another database has said.
      expect(answer.text).toBe(said.get(path) ?? answer.text)
      said.set(path, answer.text)
    })
  }

  everyDatabase('a seller sees her own customers and what they bought, and no others', async (here) => {
    const counted = async (person: Person, table: string): Promise<unknown> =>
      JSON.parse((await get(here, person, `/rest/v1/${table}?select=count()`)).text)
    expect(await counted('andrew', 'Customer')).toEqual([{ count: 59 }])
    expect(await counted('jane', 'Customer')).toEqual([{ count: 21 }])
    expect(await counted('andrew', 'Invoice')).toEqual([{ count: 412 }])
    expect(await counted('jane', 'Invoice')).toEqual([{ count: 146 }])
    expect(await counted('jane', 'InvoiceLine')).toEqual([{ count: 796 }])
    expect(await counted('jane', 'Employee')).toEqual([{ count: 1 }])
  })

  everyDatabase('a stranger finds no catalogue, and nobody among people and invoices', async (here) => {
    const catalogue = ['Artist', 'Album', 'Genre', 'MediaType', 'Track', 'Playlist', 'PlaylistTrack']
    for (const table of catalogue) expect({ table, ...(await here.ask(`/rest/v1/${table}`)) }).toMatchObject({ table, status: 404 })
    const people = ['Employee', 'Customer', 'Invoice', 'InvoiceLine']
    for (const table of people) expect({ table, ...(await here.ask(`/rest/v1/${table}`)) }).toMatchObject({ table, status: 200, body: [] })
  })
})

const urls = new WeakMap<object, Promise<{ readonly url: string }>>()

/** Over a socket, with the path byte for byte as it is written here. */
async function get({ backend, as }: Here<Person>, person: Person, path: string): Promise<{ status: number; text: string }> {
  const listening = urls.get(backend) ?? backend.listen()
  urls.set(backend, listening)
  const { url } = await listening
  console.log(`GET ${path}`)
  const headers = { apikey: backend.keys.publishable, authorization: `Bearer ${as[person]}` }
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    request({ hostname, port, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
      .on('error', reject)
      .end()
  })
}
