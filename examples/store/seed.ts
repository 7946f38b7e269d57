/**
 * The shop's rows: the same on every machine and in every run.
 *
 * 1. A row is worked out from its number alone, when it is asked for; nothing is kept but the reviews' pairs.
 * 2. Time ends on 31 October 2026. Orders are numbered in the order in which they were placed.
 * 3. Customer 0 is Ines Moreau, with five orders: the customer of the docs.
 */
import { cities, colours, firstNames, lastNames, opinions, shelves, streets, type Shelf } from './words.ts'

export const counts = { products: 10_000, customers: 20_000, orders: 100_000, lines: 300_000 }

const kinds = { account: 'a', customer: 'c', address: 'd', category: 'e', product: '1', warehouse: '2', order: '3', review: '4' } as const

/** A UUID that says what it is of and which one: `01900000-0001-7000-8000-000000000007` is product 7. */
function id(kind: keyof typeof kinds, number: number): string {
  return `01900000-000${kinds[kind]}-7000-8000-${number.toString(16).padStart(12, '0')}`
}

/** Ines Moreau: the `sub` of her token, and her row. */
export const ines = { account: id('account', 0), customer: id('customer', 0) }

/** A whole number below `bound` that looks random and is always the same for the same question (murmur3's last steps). */
function pick(question: number, number: number, bound: number): number {
  let mixed = Math.imul(number ^ Math.imul(question, 0x9e3779b1), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  mixed ^= mixed >>> 16
  return (mixed >>> 0) % bound
}

const one = <T>(list: readonly T[], question: number, number: number): T => at(list, pick(question, number, list.length))

function at<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new RangeError(`there is no ${index} of ${list.length}`)
  return found
}

const DAY = 86_400_000
const END = Date.UTC(2026, 10, 1)
const daysBeforeEnd = (days: number): string => new Date(END - days * DAY).toISOString().slice(0, 10)
const euros = (cents: number): string => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]+/g, '-')

// ── Catalogue ──

const departments = [...new Set(shelves.map(({ parent }) => parent))]
const departmentId = (name: string): string => id('category', departments.indexOf(name))
const shelfId = (index: number): string => id('category', departments.length + index)

export function* categories() {
  for (const [position, name] of departments.entries()) yield { id: departmentId(name), slug: slug(name), name, position }
  for (const [index, { name, parent }] of shelves.entries()) {
    yield { id: shelfId(index), slug: slug(`${parent} ${name}`), name, position: index, parent_id: departmentId(parent) }
  }
}

interface Article {
  readonly shelf: Shelf
  readonly shelfIndex: number
  readonly thing: string
  readonly material: string
  readonly colour: string
}

/** Every product is another thing, material and colour, so that no name is there twice. */
function article(number: number): Article {
  const shelfIndex = number % shelves.length
  const shelf = at(shelves, shelfIndex)
  const variant = Math.trunc(number / shelves.length)
  const [thing, material] = [at(shelf.things, variant % 8), at(shelf.materials, Math.trunc(variant / 8) % 6)]
  return { shelf, shelfIndex, thing, material, colour: at(colours, Math.trunc(variant / 48) % colours.length) }
}

/** Cheap things are many and dear ones few; each price ends in 90 or 50. */
function priceOf(number: number): number {
  const { from, to } = at(shelves, number % shelves.length)
  const share = pick(1, number, 1000) / 1000
  return (from + Math.trunc((to - from) * share * share)) * 100 + (pick(2, number, 3) === 0 ? 50 : 90)
}

const isPublished = (number: number): boolean => number % 40 !== 39

export function* products() {
  for (let number = 0; number < counts.products; number++) {
    const { shelf, thing, material, colour } = article(number)
    const price = priceOf(number)
    const sku = `${shelf.code}-${String(10_000 + number)}`
    yield {
      id: id('product', number),
      sku,
      name: sentence(`${material} ${thing}, ${colour}`),
      description: `${sentence(thing)} of ${material} in ${colour}. ${one(shelf.sentences, 3, number)}`,
      price: euros(price),
      cost: euros(Math.trunc((price * (35 + pick(4, number, 35))) / 100)),
      grams: 40 + pick(5, number, 200) * 15,
      tags: tagsOf(number),
      attributes: attributesOf(number),
      image: `/images/${sku.toLowerCase()}.jpg`,
      image_alt: sentence(`${colour} ${thing} of ${material}`),
      published: isPublished(number),
      released_on: daysBeforeEnd(1 + pick(6, number, 1500)),
    }
  }
}

function tagsOf(number: number): string[] {
  const shares = { new: 12, sale: 10, gift: 6, handmade: 7, bestseller: 25 }
  return Object.entries(shares).flatMap(([tag, share], index) => (pick(20 + index, number, share) === 0 ? [tag] : []))
}

function attributesOf(number: number) {
  const { shelf, material, colour } = article(number)
  const size = { width: 5 + pick(7, number, 90), height: 4 + pick(8, number, 120) }
  // In the order in which PostgreSQL keeps members, so that an answer is the same there to the byte.
  return { size, colour, material, ...(shelf.dishwasher !== undefined && { dishwasher: shelf.dishwasher }) }
}

/** Its own shelf; one in eight stands on a second one. */
export function* productCategories() {
  for (let number = 0; number < counts.products; number++) {
    const { shelfIndex } = article(number)
    yield { product_id: id('product', number), category_id: shelfId(shelfIndex) }
    if (number % 8 === 3) yield { product_id: id('product', number), category_id: shelfId((shelfIndex + 5) % shelves.length) }
  }
}

const halls = [
  ['North', 'Rotterdam'],
  ['East', 'Poznań'],
  ['South', 'Marseille'],
] as const

export function* warehouses() {
  for (const [number, [name, city]] of halls.entries()) yield { id: id('warehouse', number), name, city }
}

/** In one to three warehouses; one in twenty is sold out there. */
export function* stock() {
  for (let number = 0; number < counts.products; number++) {
    for (let hall = 0; hall <= number % halls.length; hall++) {
      const quantity = pick(30 + hall, number, 20) === 0 ? 0 : 1 + pick(40 + hall, number, 180)
      yield { product_id: id('product', number), warehouse_id: id('warehouse', hall), quantity, reorder_at: 5 + pick(9, number, 4) * 5 }
    }
  }
}

// ── Customers ──

const firstName = (number: number): string => (number === 0 ? 'Ines' : one(firstNames, 10, number))
const lastName = (number: number): string => (number === 0 ? 'Moreau' : one(lastNames, 11, number))
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase()

export function* customers() {
  for (let number = 0; number < counts.customers; number++) {
    const [first, last] = [firstName(number), lastName(number)]
    yield {
      id: id('customer', number),
      account_id: id('account', number),
      name: `${first} ${last}`,
      email: `${plain(first)}.${plain(last)}${number === 0 ? '' : number}@example.com`,
      phone:
        pick(12, number, 3) === 0
          ? null
          : `+33 1 99 00 ${String(pick(13, number, 100)).padStart(2, '0')} ${String(pick(14, number, 100)).padStart(2, '0')}`,
      joined_on: daysBeforeEnd(730 + pick(15, number, 1000)),
    }
  }
}

const firstAddress = (customer: number): string => id('address', 2 * customer)
const hasSecond = (customer: number): boolean => customer % 5 === 0

/** Everybody has one, one in five a second to send to. */
export function* addresses() {
  for (let customer = 0; customer < counts.customers; customer++) {
    yield addressOf(2 * customer, customer)
    if (hasSecond(customer)) yield addressOf(2 * customer + 1, customer)
  }
}

function addressOf(number: number, customer: number) {
  const [city, country, code] = one(cities, 16, number)
  return {
    id: id('address', number),
    customer_id: id('customer', customer),
    recipient: `${firstName(customer)} ${lastName(customer)}`,
    street: `${1 + pick(17, number, 140)} ${one(streets, 18, number)}`,
    postal_code: `${code}${1 + pick(19, number, 9)}`,
    city,
    country,
  }
}

// ── Orders ──

/** Two delivered long ago, one this year, one on its way, one open. */
const ofInes: ReadonlySet<number> = new Set([3_141, 41_408, 75_926, 99_300, 99_912])

const customerOf = (order: number): number => (ofInes.has(order) ? 0 : 1 + pick(50, order, counts.customers - 1))

/** Two years of them, one every ten minutes or so. */
function placedAt(order: number): number {
  const step = (2 * 365 * DAY) / counts.orders
  return Math.trunc(END - (counts.orders - order) * step + pick(51, order, step))
}

type Status = 'open' | 'paid' | 'shipped' | 'delivered' | 'cancelled'

function statusOf(order: number): Status {
  const age = counts.orders - order
  if (age > 200 && pick(52, order, 30) === 0) return 'cancelled'
  if (age > 1200) return 'delivered'
  if (age > 500) return 'shipped'
  return age > 150 ? 'paid' : 'open'
}

interface Line {
  readonly product: number
  readonly quantity: number
  readonly cents: number
}

/** One to five of them, three on average; a product is once in an order. The first products sell best. */
function linesOf(order: number): readonly Line[] {
  const first = Math.trunc((pick(53, order, counts.products) * pick(54, order, counts.products)) / counts.products)
  return Array.from({ length: 1 + (order % 5) }, (_, index) => {
    const product = (first + index * 2731) % counts.products
    return { product, quantity: pick(55 + index, order, 6) < 4 ? 1 : 2 + pick(60 + index, order, 3), cents: priceOf(product) }
  })
}

export function* orders() {
  for (let number = 0; number < counts.orders; number++) {
    const customer = customerOf(number)
    const total = linesOf(number).reduce((sum, { quantity, cents }) => sum + quantity * cents, 0)
    yield {
      id: id('order', number),
      number: 100_001 + number,
      customer_id: id('customer', customer),
      billing_id: firstAddress(customer),
      shipping_id: shippingOf(number, customer),
      status: statusOf(number),
      total: euros(total),
      remark:
        pick(65, number, 25) === 0
          ? one(['Please ring twice', 'Leave it with the neighbours', 'It is a gift: no bill in the parcel'], 66, number)
          : null,
      placed_at: new Date(placedAt(number)).toISOString(),
    }
  }
}

/** One in ten is collected at the shop; the rest goes to the second address where there is one. */
function shippingOf(order: number, customer: number): string | null {
  if (order % 10 === 7) return null
  return hasSecond(customer) ? id('address', 2 * customer + 1) : firstAddress(customer)
}

export function* lines() {
  for (let number = 0; number < counts.orders; number++) {
    for (const { product, quantity, cents } of linesOf(number)) {
      yield { order_id: id('order', number), product_id: id('product', product), quantity, unit_price: euros(cents) }
    }
  }
}

// ── Reviews ──

/** Of the first thing in a delivered order, by one buyer in three; one of each customer for each product. */
export function* reviews() {
  const seen = new Set<number>()
  for (let order = 0; order < counts.orders; order++) {
    const [customer, [line]] = [customerOf(order), linesOf(order)]
    if (line === undefined || statusOf(order) !== 'delivered' || (customer !== 0 && pick(70, order, 3) > 0)) continue
    const pair = line.product * counts.customers + customer
    if (seen.has(pair)) continue
    seen.add(pair)
    yield reviewOf(seen.size - 1, order, customer, line.product)
  }
}

function reviewOf(number: number, order: number, customer: number, product: number) {
  const rating = at([5, 4, 5, 3, 5, 4, 2, 4, 5, 1], pick(71, order, 10))
  const [title, body] = one(at(opinions, rating - 1), 72, order)
  const status: 'pending' | 'published' = pick(73, order, 12) === 0 ? 'pending' : 'published'
  return {
    id: id('review', number),
    product_id: id('product', product),
    customer_id: id('customer', customer),
    rating,
    title,
    body: pick(74, order, 4) === 0 ? null : body,
    signed: `${firstName(customer)} ${lastName(customer).charAt(0)}.`,
    status,
    written_at: new Date(Math.min(placedAt(order) + (6 + pick(75, order, 20)) * DAY, END - DAY)).toISOString(),
  }
}
