import { expect, test } from 'vitest'
import type { Problem } from '../../errors.ts'
import { toProblem } from './errors.ts'

const told = (code: string, message = 'relation "secret" has a row of canaries', detail?: string): Problem =>
  toProblem(Object.assign(new Error(message), { code, ...(detail !== undefined && { detail }) }))

test('what the server cannot do at once is too complex', () => {
  for (const code of ['54000', '54001', '54011']) expect(told(code)).toMatchObject({ code: 'too_complex', status: 400 })
})

test('what is not for clients keeps its words to the log', () => {
  for (const code of ['42P01', '42501', '22000', '25P02', '40001', '53100', '54001', '57014', '57P01', 'XX001']) {
    const problem = told(code, undefined, 'Failing row contains (canary).')
    expect([problem.message, problem.details, problem.hint].join(' ')).not.toMatch(/secret|canar/)
    expect(problem.cause).toMatchObject({ code })
  }
})

test('details are told of keys and references alone', () => {
  expect(told('23505', 'duplicate key', 'Key (a)=(1) already exists.').details).toBe('Key (a)=(1) already exists.')
  expect(told('23514', 'a check', 'Failing row contains (1, canary).').details).toBeNull()
})
