/** Where a simulated stack's state and locks are: the names that protocol section 1 gives them, made here without the code under test. */
import { createHash } from "node:crypto";
import type { StackId } from "../../framework/model/stack-model.js";

/** Names of bucket and table. */
export const BUCKET = "state";
export const TABLE = "locks";

const STACK = "shop";
const ENVIRONMENT = "dev";

/** The place of one stack, tenant and region. */
export class Place {
  /** What is bound into every sealed value: `[<tenant>/]<stack>/<environment>[/<region>]`. */
  readonly path: string;
  /** Prefix of its objects. */
  readonly prefix: string;
  /** What the keys of its items end with. */
  private readonly suffix: string;

  constructor(
    readonly tenant?: string,
    readonly region?: string,
  ) {
    const own = `${STACK}/${ENVIRONMENT}${region === undefined ? "" : `/${region}`}`;
    this.path = `${tenant === undefined ? "" : `${tenant}/`}${own}`;
    this.prefix = `${tenant === undefined ? "" : `tenants/${tenant}/`}stacks/${own}/`;
    const hash = createHash("sha256").update(`${BUCKET}/tenants/${tenant}`).digest("hex").slice(0, 12);
    this.suffix = `${region === undefined ? "" : `:region:${region}`}${tenant === undefined ? "" : `:backend:${hash}`}`;
  }

  get id(): StackId {
    const { tenant, region } = this;
    return { stack: STACK, ...(tenant === undefined ? {} : { tenant }), ...(region === undefined ? {} : { regional: region }) };
  }

  /** Key of the counter, of the entries, or of the head. */
  sideKey(kind: "fence" | "intents" | "head"): string {
    return `${kind}#${STACK}/${ENVIRONMENT}${this.suffix}`;
  }

  /** True for an object, or a prefix, of this place alone. */
  holdsObject(key: string): boolean {
    return key.startsWith(this.prefix) && !(this.region === undefined && /^r\d\//.test(key.slice(this.prefix.length)));
  }

  /** True for an item of this place alone. */
  holdsItem(key: string): boolean {
    if (!key.endsWith(this.suffix)) return false;
    const own = key.slice(0, key.length - this.suffix.length);
    return /^(fence|intents|head)#shop\/dev$|^stack:shop:env:dev(:(service|component):[^:]+)?$/.test(own);
  }
}
