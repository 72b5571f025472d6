/** How components name each other, and what one offers to those that refer to it. */
import type { Value } from "./values.js";

/** What one component may do to another. */
export type Access = "read" | "write" | "readWrite" | "send" | "receive" | "publish" | "invoke" | "connect";

/** A component named in props other than by a Ref: `uses[]`, `triggers[].source.component`, `secrets[].secretRef`. */
export interface Link {
  /** As the user wrote it. */
  component: string;
  /** Tried where `component` names none: a text that may hold more than the name (`files/uploads`). */
  or?: string;
  /** Where it stands in the props, for messages. */
  path: string;
  /** Narrows what is granted; absent = the kind's default. */
  access?: Access;
  /** An edge for ordering only (`dependsOn`): nothing granted, nothing injected. */
  orderOnly?: boolean;
  /** Its inject list is set as environment variables, under this prefix (default: the component's name in upper case with `_`). */
  inject?: boolean | string;
  /**
   * Not needed before this component, but by what its `finish` declares: no order between the two, so that they may refer to each other
   * (a bucket tells a function that reads the bucket). `back` says the same of the other one: its `finish` refers to this component.
   * `both`: not needed before this component, and each is referred to by what the other declares last.
   */
  late?: "forth" | "back" | "both";
  /**
   * The named component hangs itself behind this one (a service behind a load balancer): it needs this one, and finds what this one
   * hands it in `bindings.fronts` by the link's path. Its kind must be `fronted`.
   */
  behind?: boolean;
  /** With `behind`: the named component declares by what this one is reached (a listener). */
  opens?: boolean;
  /** What opens the named component ({@link Link.opens}) is needed, too. */
  through?: boolean;
  /** Text that need not be a component (`secretRef` may be an ARN): no error if it names none. */
  optional?: boolean;
}

/** IAM statement without effect: data-plane actions on named resources only. */
export interface Grant {
  actions: string[];
  resources: Value[];
}

/** One thing that is measured of a component. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: { [name: string]: Value };
  /** How its samples are summed up unless told otherwise: `Average`, `Sum`, `Maximum`, `p99`. */
  statistic: string;
  /** How often it is counted, seconds; absent = 60. */
  period?: number;
}

/** A load balancer's listener that is reached from inside the network alone. */
export interface InsideListener {
  arn: Value;
  port: number;
  /** The balancer's firewall. */
  securityGroupId: Value;
  /** What its rule wants as host, and its certificate is for. */
  host?: Value;
  /** What paths begin with there: nothing, or `/users`. */
  path: string;
  secure: boolean;
}

/** A queue into which requests are put. */
export interface QueueBackend {
  arn: Value;
  url: Value;
  name: Value;
  /** Of a fifo queue: whether it tells duplicates by their content. */
  fifo?: { byContent: boolean };
  /** What a role that sends may do. */
  send: readonly Grant[];
}

/**
 * How requests are handed to a component: a function is called (by its alias where it has a `qualifier`: ARNs are then the alias's; `url`: its own URL, open to everybody or for signed requests), a URL is asked,
 * `host` and `path` are its parts where the URL is one reference; a listener inside the network is connected to; or they are put into a queue.
 */
export type Backend =
  | { function: { arn: Value; name: Value; invokeArn: Value; qualifier?: Value; url?: { host: Value; open: boolean } } }
  | { url: Value; host?: Value; path?: string }
  | { inside: InsideListener }
  | { queue: QueueBackend };

/** A run that events start: what is called and with what, and what the role of who calls it needs. */
export interface Run {
  arn: Value;
  parameters: Value;
  grants: readonly (Grant & { conditions?: { [operator: string]: { [key: string]: Value } } })[];
  /** URNs that must stand before it is called. */
  ready: readonly string[];
}

/** A file system that tasks mount: all of it, or the folder of an access point, by the point's name. */
export interface Mount {
  id: Value;
  arn: Value;
  points: { [name: string]: { id: Value; arn: Value } };
  /** URNs that must stand before a task mounts it. */
  ready: readonly string[];
}

/** What a component offers to those that refer to it. */
export interface Bindings {
  /** Statements per access; an access that is not listed is an error at validate. */
  grants: { [A in Access]?: Grant[] };
  /** Given when a reference says nothing narrower. */
  defaultAccess?: Access;
  /** Opened from the user's security group. `through`: found only by those who take part in that mesh (the ARN of its namespace). */
  connect?: { securityGroupId: Value; port: Value; protocol: "tcp" | "udp"; through?: Value };
  /** Environment variables: suffix (`_URL`) -> value, or a JSON key of a secret's ARN. */
  inject: { [suffix: string]: { value: Value } | { secretArn: Value; jsonKey?: string } };
  /** Of an alarm: its name. */
  alarm?: Value;
  /** What is measured of it; the first is what an alarm watches unless told otherwise. */
  metrics?: readonly Metric[];
  /** Where a DNS record for it points: with a zone id an alias, else a CNAME. `checked`: the record follows its health. */
  dns?: { name: Value; zoneId?: Value; checked?: boolean };
  /** How the cloud's own services tell it something; `closed` says why they can't. */
  notify?: { arn: Value; closed?: string };
  /** Other services of the cloud may send to it: it is told which ones do, and its policy, of this URN, stands before they do. */
  receives?: { policy: string };
  /** Of a key: its ARN and id, and the URN of its policy, which stands before a service uses the key. It is told who must be able to. */
  key?: { arn: Value; id: Value; policy: string };
  /** The key that keeps what it holds, where that is not the service's own. */
  encryptedWith?: Value;
  /** How requests are handed to it. */
  backend?: Backend;
  /** What tells how well it answers; `duration` in the given unit. */
  answers?: { requests: Metric; errors: Metric; duration: Metric; unit: "seconds" | "milliseconds" };
  /** How tasks mount it. */
  mount?: Mount;
  /** How events start a run of it; `closed` says why they can't. */
  run?: Run | { closed: string };
  /** What it hands to those that stand behind it, by the path of the link that names them ({@link Link.behind}). */
  fronts?: { [path: string]: unknown };
}
