/** Faults on demand: fail a call, lose its reply, leave something half made, hold it in `creating`. For tests, rehearsal and teaching. */
import { usageError } from "../../base/errors.js";
import { isPlainObject } from "../../base/json.js";
import { nearest } from "../../base/nearest.js";

const OPS = ["plan", "validate", "lookup", "create", "update", "delete", "read", "import", "findByTags"] as const;

/** A call of the provider that may fail. */
export type LocalOp = (typeof OPS)[number];

/** One fault. Exactly one of fail, loseReply, partial, hold, raise says what happens. */
export interface LocalFault {
  op: LocalOp;
  /** Only calls about this type (for `lookup` the data source's token); absent: any. */
  type?: string;
  /** Only calls about URNs that contain this text. */
  urn?: string;
  /** The first matching call that fails, from 1. Default 1. */
  nth?: number;
  /** How many matching calls fail from there on. Default 1; 0 = all. */
  times?: number;
  /** Throws this code (`throttled`, `denied`, `failed` ...), nothing changed. */
  fail?: string;
  message?: string;
  /** Does it, then throws with outcome `unknown`. */
  loseReply?: boolean;
  /** create only: makes it, then throws with outcome `partial`. */
  partial?: boolean;
  /** create only: the resource stays in status `creating` for so many ms; true: until the file says otherwise. */
  hold?: boolean | number;
  /** lookup of alarms only: those whose name holds this text are raised; of the health of services: tasks of those end. */
  raise?: string;
}

const KEYS: (keyof LocalFault)[] = ["op", "type", "urn", "nth", "times", "fail", "message", "loseReply", "partial", "hold", "raise"];

/** Decides which fault, if any, a call meets. Counts calls per fault, in this process. */
export class FaultPlan {
  private readonly counts: number[];
  constructor(private readonly faults: readonly LocalFault[]) {
    this.counts = faults.map(() => 0);
  }

  /** The fault of this call. Counts the call for every fault that matches. */
  next(op: LocalOp, type: string, urn: string): LocalFault | undefined {
    let hit: LocalFault | undefined;
    for (const [i, fault] of this.faults.entries()) {
      if (fault.op !== op || (fault.type !== undefined && fault.type !== type)) continue;
      if (fault.urn !== undefined && !urn.includes(fault.urn)) continue;
      const count = (this.counts[i] as number) + 1;
      this.counts[i] = count;
      const first = fault.nth ?? 1;
      const times = fault.times ?? 1;
      if (count >= first && (times === 0 || count < first + times)) hit ??= fault;
    }
    return hit;
  }
}

/** Reads faults written as JSON: one object or a list of {@link LocalFault}. "" gives none. Throws a usage error that names what is wrong. */
export function parseLocalFaults(text: string): LocalFault[] {
  if (text.trim() === "") return [];
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw wrong(`it is not JSON (${error instanceof Error ? error.message : "?"})`);
  }
  return (Array.isArray(data) ? data : [data]).map((item, i) => {
    if (!isPlainObject(item)) throw wrong(`item ${i + 1} is not an object`);
    for (const key of Object.keys(item)) {
      if ((KEYS as string[]).includes(key)) continue;
      const suggestion = nearest(key, KEYS);
      throw wrong(`item ${i + 1} has an unknown key "${key}"${suggestion ? `; did you mean "${suggestion}"?` : ""}`);
    }
    if (!(OPS as readonly unknown[]).includes(item.op)) throw wrong(`item ${i + 1}: "op" must be one of ${OPS.join(", ")}`);
    const effects = ["fail", "loseReply", "partial", "hold", "raise"].filter((k) => item[k] !== undefined && item[k] !== false);
    if (effects.length !== 1) throw wrong(`item ${i + 1} needs exactly one of fail, loseReply, partial, hold, raise`);
    for (const key of ["type", "urn", "fail", "message", "raise"])
      if (item[key] !== undefined && typeof item[key] !== "string") throw wrong(`item ${i + 1}: "${key}" must be text`);
    for (const key of ["nth", "times"])
      if (item[key] !== undefined && !Number.isInteger(item[key])) throw wrong(`item ${i + 1}: "${key}" must be a whole number`);
    return item as unknown as LocalFault;
  });
}

function wrong(why: string): Error {
  return usageError("bad-local-faults", `the local provider's faults can't be read: ${why}`, {
    next: `PANKA_LOCAL_FAULTS='[{"op":"create","type":"aws:sqs/queue:Queue","nth":2,"fail":"throttled"}]'`,
  });
}
