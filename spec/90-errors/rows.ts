/**
 * Errors of rows that come in: code → an insert into the tea shop past its rules, on every database. They are the same
 * whichever way rows come; a constraint is called the same everywhere.
 *
 * To add one: a row here.
 */
import type { ErrorCode, Problem } from '../../src/errors.ts'
import type { Rows } from '../harness.ts'

export interface Inserted {
  readonly when: string
  readonly table: string
  readonly rows: Rows
  readonly says: Partial<Pick<Problem, 'message' | 'details'>>
}

export const inserts: Partial<Record<ErrorCode, Inserted>> = {
  '23502': {
    when: 'a value is missing',
    table: 'addresses',
    rows: [{ id: 90, customer_id: 1, street: 'Quay 9', city: null }],
    says: { message: 'null value in column "city" of relation "addresses" violates not-null constraint' },
  },
  '23503': {
    when: 'a reference leads nowhere',
    table: 'addresses',
    rows: [{ id: 90, customer_id: 99, street: 'Quay 9', city: 'Oslo' }],
    says: {
      message: 'insert or update on table "addresses" violates foreign key constraint "addresses_customer_id_fkey"',
      details: 'Key (customer_id)=(99) is not present in table "customers".',
    },
  },
  '23505': {
    when: 'a value is there already',
    table: 'products',
    rows: [{ id: 90, sku: 'TEA-1', name: 'Sencha', price: 1, cost: 1 }],
    says: {
      message: 'duplicate key value violates unique constraint "products_sku_key"',
      details: 'Key (sku)=(TEA-1) already exists.',
    },
  },
  '23514': {
    when: 'a check is not met',
    table: 'products',
    rows: [{ id: 90, sku: 'TEA-90', name: 'Sencha', price: 1, cost: 1, stock: -1 }],
    says: { message: 'new row for relation "products" violates check constraint "products_stock_is_sane"' },
  },
  '428C9': {
    when: 'a computed column is given',
    table: 'products',
    rows: [{ id: 90, sku: 'TEA-90', name: 'Sencha', price: 1, cost: 1, margin: 5 }],
    says: { message: 'cannot insert a value into column "margin"', details: 'Column "margin" is computed.' },
  },
}
