/**
 * Whose address a request came from. `X-Forwarded-For` is believed only from the proxies that the operator named,
 * and only as far as the last hop that is none of them.
 */
import { BlockList, isIP, isIPv6 } from 'node:net'

export class Proxies {
  readonly #list = new BlockList()
  readonly #any: boolean

  constructor(trusted: readonly string[]) {
    this.#any = trusted.length > 0
    for (const entry of trusted.flatMap((one) => (one === 'loopback' ? ['127.0.0.0/8', '::1'] : [one]))) this.#add(entry)
  }

  #add(entry: string): void {
    const [address = '', bits] = entry.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) this.#list.addAddress(address, family)
    else this.#list.addSubnet(address, Number(bits), family)
  }

  #trusts(address: string): boolean {
    return isIP(address) !== 0 && this.#list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  }

  /** The client's address, given that of the connection and the header. */
  client(peer: string, forwarded: string | undefined): string {
    if (!this.#any || forwarded === undefined || !this.#trusts(peer)) return peer
    const hops = forwarded.split(',', 64).map((hop) => plainAddress(hop.trim()))
    const honest = hops.findLast((hop) => !this.#trusts(hop))
    return honest !== undefined && isIP(honest) ? honest : peer
  }
}

/** An IPv4 address as such, also where the socket is one for both families. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** What a rate is counted by: an IPv4 address, or the /64 network of an IPv6 one, which is one customer's. */
export function rateName(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':')
  if (tail === undefined || groups.length >= 4) return groups.slice(0, 4).join(':')
  const zeros = 8 - groups.length - tail.split(':').length
  return [...groups, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...tail.split(':')].slice(0, 4).join(':')
}
