/** IPv4 address blocks: enough arithmetic to lay out a network. */

/** The block of a network that says nothing: 65,536 addresses. */
export const DEFAULT_VPC_CIDR = "10.0.0.0/16";

/** The whole internet. */
export const ANYWHERE = "0.0.0.0/0";

/** A parsed block: its first address as a number and its prefix length. */
export interface Cidr {
  base: number;
  bits: number;
}

/** Parses `a.b.c.d/n`; undefined if it is none or if address bits below the prefix are set. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const parts = match.slice(1, 5).map(Number);
  const bits = Number(match[5]);
  if (parts.some((p) => p > 255) || bits > 32) return undefined;
  const base = parts.reduce((sum, p) => sum * 256 + p, 0);
  return base % 2 ** (32 - bits) === 0 ? { base, bits } : undefined;
}

/** The text of a block. */
export function formatCidr(cidr: Cidr): string {
  const part = (shift: number): number => Math.floor(cidr.base / 2 ** shift) % 256;
  return `${part(24)}.${part(16)}.${part(8)}.${part(0)}/${cidr.bits}`;
}

/** The `index`-th of the equal blocks that `extraBits` more prefix bits cut `cidr` into. Throws RangeError past the last or beyond /32. */
export function subnetOf(cidr: Cidr, extraBits: number, index: number): Cidr {
  const bits = cidr.bits + extraBits;
  if (bits > 32 || index < 0 || index >= 2 ** extraBits) throw new RangeError(`no block ${index} of /${bits} in ${formatCidr(cidr)}`);
  return { base: cidr.base + index * 2 ** (32 - bits), bits };
}

/** True if the blocks share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + 2 ** (32 - b.bits) && b.base < a.base + 2 ** (32 - a.bits);
}

/** True if `inner` lies in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.bits >= outer.bits && overlaps(outer, inner);
}

/** Blocks of a network in two zones: a sixteenth each, public ones first, private ones from the middle: room for two more zones of each. */
export function layout(vpc: Cidr): { public: [string, string]; private: [string, string] } {
  const block = (i: number): string => formatCidr(subnetOf(vpc, 4, i));
  return { public: [block(0), block(1)], private: [block(8), block(9)] };
}
