/** Names: labels that users may write, URNs, and the physical names of cloud resources. */
import { createHash } from "node:crypto";

/** An RFC 1123 label: what stacks, services, components and environments may be called. */
export const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The service name under which shared resources live in URNs; no user may write it. */
export const SHARED_SERVICE = "_stack";

/** The parts of a Panka URN. */
export interface UrnParts {
  environment: string;
  stack: string;
  /** The resource's type token. */
  type: string;
  service: string;
  component: string;
  /** Absent for the component's main resource. */
  role?: string;
}

/** `urn:pulumi:<environment>::<stack>::<type>::<service>/<component>[/<role>]`: the key of state, journal, names and tags. */
export function makeUrn(p: UrnParts): string {
  return `urn:pulumi:${p.environment}::${p.stack}::${p.type}::${p.service}/${p.component}${p.role ? `/${p.role}` : ""}`;
}

/** The reverse of {@link makeUrn}. Throws a TypeError for text that is not a URN. */
export function parseUrn(urn: string): UrnParts {
  const match = /^urn:pulumi:([^:]+)::([^:]+)::(.+)::([^/:]+)\/([^/:]+)(?:\/([^:]+))?$/.exec(urn);
  if (!match) throw new TypeError(`not a URN: ${urn}`);
  const [, environment, stack, type, service, component, role] = match as unknown as string[];
  return { environment, stack, type, service, component, ...(role ? { role } : {}) } as UrnParts;
}

/** True if `name`, `service/component` or the bare component, means the component at this address. */
export function meansComponent(name: string, address: string): boolean {
  return address === name || address.split("/")[1] === name;
}

/** The package of a type's token: `aws` of `aws:sqs/queue:Queue`. */
export function packageOf(token: string): string {
  return token.slice(0, Math.max(token.indexOf(":"), 0));
}

/** The address of the component that a URN belongs to: `service/component`. */
export function componentOf(urn: string): string {
  const p = parseUrn(urn);
  return `${p.service}/${p.component}`;
}

/** Lower-case RFC 4648 base32 without padding. */
export function base32(bytes: Uint8Array): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  let bits = 0;
  let value = 0;
  let out = "";
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      out += alphabet[(value >>> (bits - 5)) & 31];
      bits -= 5;
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? out + alphabet[(value << (5 - bits)) & 31] : out;
}

/** Eight base32 characters of SHA-256(`lineage\nurn\ngeneration`): what makes a physical name unique. */
export function nameHash(lineage: string, urn: string, generation: number): string {
  return base32(createHash("sha256").update(`${lineage}\n${urn}\n${generation}`).digest()).slice(0, 8);
}

/** How a type wants its names; the data is the provider's. */
export interface NameRule {
  /** The input property (Pulumi spelling) that holds the physical name. */
  property: string;
  /** Longest name, characters. */
  max: number;
  /** Made lower case first. Default false. */
  lower?: boolean;
  /** A character that may not occur is replaced by `-`; a regular expression class, default `[^A-Za-z0-9-]`. */
  invalid?: string;
  /** Text that must come first, such as `alias/`. */
  prefix?: string;
  /** Put at the end when the boolean input property named here is true: `.fifo` by `fifoQueue`. */
  suffixWhen?: { property: string; suffix: string };
  /** The name is unique in account and region (or wider), so a taken name proves that the resource exists. */
  unique?: boolean;
}

/** The readable part of a physical name: `<stack>-<environment>-<service>-<component>[-<role>]`, the shared service as `stack`. */
export function readableName(urn: string): string {
  const p = parseUrn(urn);
  const service = p.service === SHARED_SERVICE ? "stack" : p.service;
  return [p.stack, p.environment, service, p.component, ...(p.role ? [p.role] : [])].join("-");
}

/**
 * The physical name of a resource: readable part, then `-<hash>`, then a suffix. The readable part is cut first
 * (from its front part, the role is kept), never role, hash or suffix.
 */
export function physicalName(
  rule: NameRule,
  lineage: string,
  urn: string,
  generation: number,
  inputs: Record<string, unknown> = {},
): string {
  const suffix = rule.suffixWhen && inputs[rule.suffixWhen.property] === true ? rule.suffixWhen.suffix : "";
  const role = parseUrn(urn).role;
  const clean = (text: string): string => {
    const t = text.replace(new RegExp(rule.invalid ?? "[^A-Za-z0-9-]", "g"), "-");
    return rule.lower ? t.toLowerCase() : t;
  };
  const tail = `${role ? `-${clean(role)}` : ""}-${nameHash(lineage, urn, generation)}${suffix}`;
  const whole = clean(readableName(urn));
  const front = role ? whole.slice(0, whole.length - clean(role).length - 1) : whole;
  const room = rule.max - (rule.prefix?.length ?? 0) - tail.length;
  if (room < 1) return `${rule.prefix ?? ""}${`${nameHash(lineage, urn, generation)}${suffix}`.slice(0, rule.max)}`;
  return `${rule.prefix ?? ""}${front.slice(0, room).replace(/-+$/, "")}${tail}`;
}
