import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { Sentences } from './scripts/sentences.ts'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'spec/**/*.test.ts'],
    pool: 'threads',
    maxWorkers: Math.min(availableParallelism(), 4),
    // The source runs here as it does for a user: by Node itself, types and all.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    reporters: [new Sentences()],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
})
