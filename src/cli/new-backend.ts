/** The files of a new backend. What `plinth init` writes is what a reader should want to keep. */

export interface NewBackend {
  readonly name: string
  /** What package.json says of Plinth: a version, or `file:` and where it was installed from. */
  readonly dependency: string
  /** Plinth is found from the new folder as it is. */
  readonly isThere: boolean
  readonly hasNodeTypes: boolean
}

/** Path in the new folder → text. */
export function newBackend({ name, dependency, isThere, hasNodeTypes }: NewBackend): Readonly<Record<string, string>> {
  return {
    'plinth.ts': BACKEND,
    'package.json': `${JSON.stringify(packageJson(name, dependency), null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify(tsconfig(hasNodeTypes), null, 2)}\n`,
    '.gitignore': 'node_modules/\ndata/\n.env\n',
    'README.md': readme(name, isThere),
  }
}

/** Also what the README's request is answered with, so the test of one is the test of both. */
const BACKEND = `// The whole back end: tables, who may do what, and the first rows.
import { anyone, integer, oneOf, plinth, ref, role, table, text, timestamp, user } from 'plinth'

export default plinth({
  tables: {
    // Every table has an \`id\`, a UUID, unless it says otherwise.
    books: table({
      title: text().max(200),
      author: text(),
      genre: oneOf('novel', 'poetry', 'essay').default('novel'),
    }).index('author'),

    reviews: table({
      book_id: ref('books', { onDelete: 'cascade' }), // the relation is \`book\` here, and \`reviews\` on books
      account_id: user(),                             // the id of somebody who is signed in
      stars: integer().min(1).max(5),
      body: text().optional(),
      written_at: timestamp().defaultNow(),
    }),
  },

  // What is not allowed here is not allowed.
  access: {
    books: { read: anyone, write: role('staff') },
    reviews: { read: anyone, write: ({ row, who }) => row.account_id.is(who.id) },
  },

  // Runs once, on a new database.
  async seed({ insert }) {
    const emma = '01936f00-0000-7000-8000-000000000001'
    const reader = '01936f00-0000-7000-8000-0000000000aa'
    await insert('books', [
      { id: emma, title: 'Emma', author: 'Jane Austen' },
      { title: 'Middlemarch', author: 'George Eliot' },
      { title: 'Leaves of Grass', author: 'Walt Whitman', genre: 'poetry' },
    ])
    await insert('reviews', [{ book_id: emma, account_id: reader, stars: 5, body: 'Handsome, clever and rich.' }])
  },
})
`

const packageJson = (name: string, dependency: string): object => ({
  name,
  private: true,
  type: 'module',
  scripts: { dev: 'plinth dev', start: 'plinth start', check: 'plinth check', types: 'plinth types' },
  dependencies: { plinth: dependency },
})

/** With types that are not there nothing would compile. */
const tsconfig = (hasNodeTypes: boolean): object => ({
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    ...(hasNodeTypes && { types: ['node'] }),
  },
  include: ['*.ts'],
})

const readme = (name: string, isThere: boolean): string => `# ${name}

\`plinth.ts\` is the whole back end.

${isThere ? '    npx plinth dev' : '    npm install\n    npm run dev'}

That serves it at http://127.0.0.1:4000, keeps the rows in \`data/\`, and serves it anew each time the file is saved. It also
prints two API keys. The first request, with the publishable one:

    curl 'http://127.0.0.1:4000/rest/v1/books?select=title,author,reviews(stars,body)&order=title' -H 'apikey: sb_publishable_…'

To ask as somebody, make a token (\`npx plinth token --role staff\`) and add \`-H 'Authorization: Bearer …'\`.

| command | does |
|---|---|
| \`npm run dev\` | serves, and again on every save; changes the database where nothing is lost by it |
| \`npm start\` | serves as it is, for production |
| \`npm run check\` | says what is wrong with the file, the settings or the database |
| \`npm run types\` | writes \`database.types.ts\` for clients in other places |
| \`npx plinth import books books.csv\` | brings rows in |
`
