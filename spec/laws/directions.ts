/**
 * Who may import whom, as ARCHITECTURE.md tells it. A zone is a folder of `src` or a file beside them; inside of
 * `databases` and `protocols` each folder is a zone of its own, and so is the contract file.
 *
 * To add a folder: a line here, and the same line in ARCHITECTURE.md.
 */

/** Anybody may import these, and they import nothing of ours. */
export const leaves: readonly string[] = ['util', 'errors.ts', 'events.ts', 'settings.ts']

const databaseContracts = ['databases/database.ts', 'databases/builder.ts']
const contracts = [...databaseContracts, 'protocols/protocol.ts']
const protocolParts = ['protocols/protocol.ts', 'protocols/problem.ts']
const throughAsk = ['query', 'schema']

/** Zone → the zones it may import. `databases/*` stands for each database that has no line of its own. */
export const directions: Readonly<Record<string, readonly string[]>> = {
  schema: [],
  query: ['schema'],
  rules: ['query', 'schema'],
  plan: ['rules', 'query', 'schema'],
  'databases/database.ts': ['plan', 'query', 'schema'],
  'databases/builder.ts': ['schema'],
  'databases/open.ts': ['databases/sql', 'databases/sqlite', 'databases/postgres'],
  'databases/sql': [...databaseContracts, 'plan', 'query', 'schema'],
  'databases/*': [...databaseContracts, 'databases/sql', 'plan', 'query', 'schema'],
  'protocols/protocol.ts': ['query', 'schema'],
  'protocols/problem.ts': ['protocols/protocol.ts'],
  'protocols/*': [...protocolParts, 'query', 'schema'],
  http: [],
  observe: [],
  migrate: [...databaseContracts, 'query', 'schema'],
  transfer: [...databaseContracts, 'query', 'schema'],
  auth: throughAsk,
  functions: throughAsk,
  changes: throughAsk,
  jobs: throughAsk,
  mail: throughAsk,
  files: throughAsk,
  studio: throughAsk,
  deploy: ['schema'],
  'index.ts': ['schema'],
  'request.ts': ['together.ts', ...contracts, 'auth', 'rules', 'plan', 'query', 'schema'],
  'together.ts': ['protocols/protocol.ts', 'query'],
  'server.ts': ['*'],
  testing: ['server.ts', ...contracts, 'query', 'rules', 'schema'],
  cli: ['server.ts', 'migrate', 'transfer', 'deploy', 'schema', 'query'],
}

/** Imports that may bring types and nothing that runs: from → to. */
export const typesOnly: readonly (readonly [from: string, to: string])[] = [
  ['plan', 'rules'],
  ['databases/database.ts', 'plan'],
  ['request.ts', 'auth'],
]

export function zoneOf(path: string): string {
  const [, first = '', second = ''] = path.split('/')
  return ['databases', 'protocols'].includes(first) ? `${first}/${second}` : first
}

export function allowedFor(zone: string): readonly string[] | undefined {
  return directions[zone] ?? directions[zone.replace(/\/[^/]+$/, '/*')]
}

export function isAllowed(from: string, to: string): boolean {
  if (from === to || leaves.includes(to)) return true
  const allowed = allowedFor(from)
  return allowed !== undefined && (allowed.includes(to) || (allowed.includes('*') && to !== 'cli' && to !== 'testing'))
}
