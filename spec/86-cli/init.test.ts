import { mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith, plinth, serve } from './command.ts'

test('a new backend runs at once, and answers the request of its README', async () => {
  const cwd = folderWith()
  const made = await plinth(['init', 'My Shop'], { cwd })
  expect(made.code).toBe(0)
  expect(made.out).toContain("cd 'My Shop'")
  const folder = join(cwd, 'My Shop')
  expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'README.md', 'package.json', 'plinth.ts', 'tsconfig.json'])
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
    name: 'my-shop',
    type: 'module',
    scripts: { dev: 'plinth dev' },
  })

  const path = /127\.0\.0\.1:4000(\/rest[^']+)'/.exec(readFileSync(join(folder, 'README.md'), 'utf8'))?.[1] ?? ''
  const served = await serve(['dev'], { cwd: folder })
  expect(await served.get(path)).toEqual({
    status: 200,
    body: [
      { title: 'Emma', author: 'Jane Austen', reviews: [{ stars: 5, body: 'Handsome, clever and rich.' }] },
      { title: 'Leaves of Grass', author: 'Walt Whitman', reviews: [] },
      { title: 'Middlemarch', author: 'George Eliot', reviews: [] },
    ],
  })
})

test('where plinth is installed above the new folder, the commands that are printed run as they are', async () => {
  const cwd = folderWith()
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(join(import.meta.dirname, '../..'), join(cwd, 'node_modules/plinth'))
  const { out } = await plinth(['init', 'shop'], { cwd })
  expect(out.split('\n').filter((line) => line.startsWith('  '))).toEqual(['  cd shop', '  npx plinth dev'])
  const text = readFileSync(join(cwd, 'shop/package.json'), 'utf8')
  expect(JSON.parse(text).dependencies.plinth).toMatch(/^file:\.\.\//)
})

test('a folder with something in it is refused, and nothing in it is touched', async () => {
  const cwd = folderWith({ 'plinth.ts': '// mine', 'notes.txt': '' })
  const { code, err } = await plinth(['init'], { cwd })
  expect(code).toBe(1)
  expect(err).toContain('is not empty: notes.txt, plinth.ts in the way.')
  expect(readFileSync(join(cwd, 'plinth.ts'), 'utf8')).toBe('// mine')
  expect(readdirSync(cwd).sort()).toEqual(['notes.txt', 'plinth.ts'])
})

test('a token signed by plinth token opens what its roles may do', async () => {
  const cwd = folderWith()
  await plinth(['init'], { cwd })
  const served = await serve(['start'], { cwd })
  const { out, code } = await plinth(['token', '--role', 'staff', '--sub', '01936f00-0000-7000-8000-0000000000aa'], { cwd })
  expect(code).toBe(0)
  expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  expect((await served.get('/rest/v1/books?select=title&limit=1', { authorization: `Bearer ${out.trim()}` })).status).toBe(200)
  expect((await served.get('/rest/v1/books?select=title&limit=1', { authorization: `Bearer ${out.trim()}x` })).status).toBe(401)
})
