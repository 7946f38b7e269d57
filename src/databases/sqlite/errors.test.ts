import { expect, test } from 'vitest'
import type { Problem } from '../../errors.ts'
import { toProblem } from './errors.ts'

const told = (errcode: number, message = 'no such table: secret'): Problem => toProblem(Object.assign(new Error(message), { errcode }))

test('an answer beyond what SQLite can hold is too complex', () => {
  expect(told(18)).toMatchObject({ code: 'too_complex', status: 400 })
})

test('what is not for clients keeps its words to the log', () => {
  for (const errcode of [1, 5, 6, 8, 10, 11, 13, 14, 26, 266, 778]) {
    const problem = told(errcode)
    expect([problem.message, problem.details, problem.hint].join(' ')).not.toMatch(/secret|table:/)
    expect(problem.cause).toMatchObject({ errcode })
  }
})
