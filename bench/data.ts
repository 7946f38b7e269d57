/**
 * The rows that every side serves: 100,000 products, and 20,000 orders of 400 customers with 100,000 lines. The same
 * in each run, and made a row at a time. A trial has a fiftieth of them.
 */

const part = process.env['PLINTH_BENCH_TRIAL'] ? 50 : 1
export const counts = { products: 100_000 / part, customers: 400 / part, orders: 20_000 / part, linesOfOrder: 5, categories: 100 / part }
export const ordersOfCustomer = counts.orders / counts.customers

/** Who asks: an employee of this store, whose rows alone she may read. */
export const clerk = { sub: id('9', 1), claims: { store: 'oslo' } }

/** A UUID that tells its table and its number. */
export function id(table: string, number: number): string {
  return `0197b00${table}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
}

export const productId = (number: number): string => id('1', number)
export const customerId = (number: number): string => id('2', number)
export const orderId = (number: number): string => id('3', number)
export const category = (number: number): string => `category-${number % counts.categories}`

/** A number below `bound` that looks random and is always the same for the same number (a multiplicative hash). */
export function scattered(number: number, bound: number): number {
  return ((Math.imul(number + 1, 2654435761) >>> 0) % 1_000_003) % bound
}

export function* products(): Generator<Record<string, unknown>> {
  for (let number = 0; number < counts.products; number++) {
    yield {
      id: productId(number),
      sku: `SKU-${number}`,
      name: `Product ${number} of the long list`,
      category: category(number),
      cents: 100 + scattered(number, 90_000),
      stock: scattered(number * 7, 500),
      active: true,
    }
  }
}

export function* customers(): Generator<Record<string, unknown>> {
  for (let number = 0; number < counts.customers; number++) {
    yield { id: customerId(number), name: `Customer ${number}`, city: `City ${number % 50}`, store: clerk.claims.store }
  }
}

const statuses = ['open', 'paid', 'shipped']

export function* orders(): Generator<Record<string, unknown>> {
  for (let number = 0; number < counts.orders; number++) {
    const placed = new Date(Date.UTC(2026, 0, 1) + scattered(number, 300 * 86_400) * 1000)
    yield {
      id: orderId(number),
      customer_id: customerId(number % counts.customers),
      status: statuses[number % statuses.length],
      store: clerk.claims.store,
      placed_at: placed.toISOString().replace(/\.\d+Z$/, '.000000+00:00'),
    }
  }
}

export function* lines(): Generator<Record<string, unknown>> {
  for (let number = 0; number < counts.orders; number++) {
    for (let line = 0; line < counts.linesOfOrder; line++) {
      const product = (scattered(number, 20_000) * counts.linesOfOrder + line) % counts.products
      yield {
        order_id: orderId(number),
        product_id: productId(product),
        quantity: 1 + ((number + line) % 9),
        cents: 100 + scattered(product, 90_000),
      }
    }
  }
}
