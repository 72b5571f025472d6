/** How a component is named by a user: `service/component`, or the bare name where that is clear. */
import { compareText } from "../base/diagnostics.js";
import { nearest } from "../base/nearest.js";

/** What a name means: one address, several candidates, or nothing (with the nearest name, if one is near). */
export type NameResult = { address: string } | { candidates: string[] } | { nearest: string | undefined };

/** Most names that a message lists. */
const LISTED = 12;

/** What a message expects where one of these was due: `one of a, b`; the first twelve. */
export function oneOf(names: readonly string[]): string {
  return `one of ${names.slice(0, LISTED).join(", ")}${names.length > LISTED ? " ..." : ""}`;
}

/** All component addresses of a stack, for look-up by name. */
export class ComponentNames {
  private readonly all: Set<string>;
  private readonly byName = new Map<string, string[]>();

  /** @param addresses `service/component` each. */
  constructor(addresses: Iterable<string>) {
    this.all = new Set([...addresses].sort(compareText));
    for (const address of this.all) {
      const name = address.slice(address.indexOf("/") + 1);
      const list = this.byName.get(name);
      if (list) list.push(address);
      else this.byName.set(name, [address]);
    }
  }

  /** All addresses, sorted. */
  get addresses(): string[] {
    return [...this.all];
  }

  /** The nearest name to one that is none, or undefined. */
  nearest(name: string): string | undefined {
    return name.includes("/") ? nearest(name, this.all) : (nearest(name, this.byName.keys()) ?? nearest(name, this.all));
  }

  /** What a link names: its `component`, or else its `or`. */
  findLink(link: { component: string; or?: string }, service: string): NameResult {
    const found = this.find(link.component, service);
    if ("address" in found || link.or === undefined) return found;
    const other = this.find(link.or, service);
    return "nearest" in other ? found : other;
  }

  /**
   * An address as it is; a bare name first in `service`, then anywhere in the stack if only one service has it.
   * `service` is undefined outside services.
   */
  find(name: string, service: string | undefined): NameResult {
    if (name.includes("/")) return this.all.has(name) ? { address: name } : { nearest: this.nearest(name) };
    if (service !== undefined && this.all.has(`${service}/${name}`)) return { address: `${service}/${name}` };
    const found = this.byName.get(name) ?? [];
    if (found.length === 1) return { address: found[0] as string };
    if (found.length > 1) return { candidates: found };
    return { nearest: this.nearest(name) };
  }
}
