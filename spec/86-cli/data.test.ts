/** Where a backend keeps its rows and its keys: beside its file, whichever folder a command is run in. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith, notes, plinth, serve } from './command.ts'

const words = '/rest/v1/notes?select=words&order=words'
const withSettings = (text: string): string => notes().replace('  access:', `  settings: ${text},\n  access:`)

const keysIn = (folder: string): unknown => JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8'))

describe('What a backend keeps', () => {
  test('is beside its file: two that are started from one folder share nothing', async () => {
    const cwd = folderWith({ 'one/plinth.ts': notes(), 'two/plinth.ts': notes() })
    const [one, two] = [await serve(['dev', 'one'], { cwd }), await serve(['start', 'two/plinth.ts'], { cwd })]
    expect(one.key).not.toBe(two.key)
    expect(keysIn(join(cwd, 'one/data'))).not.toEqual(keysIn(join(cwd, 'two/data')))
    for (const name of ['one', 'two']) expect(existsSync(join(cwd, name, 'data/plinth.db'))).toBe(true)
    expect(existsSync(join(cwd, 'data'))).toBe(false)
  })

  test('is found by every command, from any folder', async () => {
    const cwd = folderWith({ 'shop/plinth.ts': notes(), 'shop/inner/empty': '', 'more.csv': 'words\nthird\n' })
    await (await serve(['start', 'shop'], { cwd })).stop()
    expect(await plinth(['check', '..'], { cwd: join(cwd, 'shop/inner') })).toMatchObject({
      code: 0,
      out: expect.not.stringMatching(/not there/),
    })
    expect((await plinth(['import', 'notes', 'more.csv', '--backend', 'shop'], { cwd })).code).toBe(0)
    const token = (await plinth(['token', 'shop', '--role', 'staff'], { cwd })).out.trim()
    const again = await serve(['dev'], { cwd: join(cwd, 'shop') })
    expect((await again.get(words)).body).toEqual([{ words: 'first' }, { words: 'second' }, { words: 'third' }])
    expect((await again.get(words, { authorization: `Bearer ${token}` })).status).toBe(200)
    await again.stop()
    await (await serve(['dev', 'shop', '--reset', '--yes'], { cwd })).stop()
    expect((await plinth(['check', 'shop'], { cwd })).code).toBe(0)
    expect(existsSync(join(cwd, 'data'))).toBe(false)
  })

  test('is where the file says, from the folder of the file', async () => {
    const cwd = folderWith({ 'shop/plinth.ts': withSettings(`{ databaseUrl: 'sqlite:rows/shop.db', data: '../keys' }`) })
    await (await serve(['start', 'shop'], { cwd })).stop()
    expect([existsSync(join(cwd, 'shop/rows/shop.db')), existsSync(join(cwd, 'keys/keys.json'))]).toEqual([true, true])
  })

  test('is where the environment says, from the folder that the command is run in', async () => {
    const cwd = folderWith({ 'shop/plinth.ts': withSettings(`{ databaseUrl: 'sqlite:rows/shop.db' }`), '.env': 'PLINTH_DATA=kept\n' })
    await (await serve(['start', 'shop'], { cwd, env: { DATABASE_URL: 'sqlite:./here.db' } })).stop()
    expect([existsSync(join(cwd, 'here.db')), existsSync(join(cwd, 'kept/keys.json'))]).toEqual([true, true])
    expect([existsSync(join(cwd, 'shop/rows')), existsSync(join(cwd, 'shop/data'))]).toEqual([false, false])
  })

  test('is not moved by a save', async () => {
    const cwd = folderWith({ 'shop/plinth.ts': notes() })
    const served = await serve(['dev', 'shop'], { cwd })
    writeFileSync(join(cwd, 'shop/plinth.ts'), notes().replace('max(50)', 'max(60)'))
    expect(await served.next('reloaded')).toMatchObject({ restart: false })
  })
})
