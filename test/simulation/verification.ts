/** Stacks whose deploys are verified: some versions never work, and nothing may say of a version that it was seen to work unless it was. */
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import { jsonEqual } from "../../framework/base/json.js";
import type { ReleaseRecord, StateFile } from "../../framework/model/state-file.js";
import type { LockedJob } from "../../framework/operations/locked-job.js";
import type { Counts } from "./counts.js";
import type { SimProcess } from "./process.js";

/** What a process knows of the version that it deployed last. */
interface Seen {
  hash: string | null;
  works: boolean;
}

/** The verifications of one stack. */
export class Verifications {
  /** Hashes of the versions that don't work. */
  readonly broken = new Set<string>();
  /** How often a version that works is not seen to. */
  flaky = 0;
  /** What a planted bug changes: every verification is believed to have passed. */
  believed = false;
  /** Hashes of versions that were seen to work. */
  private readonly good = new Set<string | null>();
  private readonly seen = new Map<SimProcess, Seen>();

  constructor(private readonly counts: Counts) {}

  /** Looks at what a process deployed, for up to some minutes of virtual time. */
  verify(process: SimProcess): NonNullable<LockedJob["verify"]> {
    return async ({ session, context: { clock }, job }, { plan }) => {
      const abort = new AbortController();
      session.gate.onShut((reason) => abort.abort(new Error(reason)));
      const hash = plan.assemblyHash;
      const works = !this.broken.has(hash) && !process.chance.is(this.flaky);
      let ended = false;
      this.counts.add("verification: begun");
      void process.gone.then(() => ended || this.counts.add("verification: cut off by a kill"));
      try {
        for (let look = process.chance.int(1, 5); look > 0 && !session.gate.isShut; look--)
          await clock.sleep(process.chance.int(500, 60_000), abort.signal);
      } catch {
        // The gate has shut.
      }
      ended = true;
      if (session.gate.isShut) this.counts.add("verification: stopped");
      else this.found(process, { hash, works });
      return works || this.believed ? [] : [problem(job.assembly.stack)];
    };
  }

  private found(process: SimProcess, seen: Seen): void {
    this.counts.add(`verification: ${seen.works ? "passed" : "failed"}`);
    this.seen.set(process, seen);
    if (seen.works) this.good.add(seen.hash);
  }

  /** A process changes the cloud: what it saw is of before. */
  called(by: SimProcess): void {
    if (this.seen.get(by)?.works) this.seen.delete(by);
  }

  /** Why a state may not say that all of an assembly stands and was seen to work; undefined: it may. */
  wrongState(old: StateFile | undefined, now: StateFile, by: SimProcess): string | undefined {
    const { assemblyHash: hash } = now;
    const seen = this.seen.get(by);
    if (hash === null || (seen?.works && seen.hash === hash)) return undefined;
    if (old?.assemblyHash === hash && jsonEqual(old.resources, now.resources)) return undefined;
    // A rollback to what was seen to work before.
    if (seen && !seen.works && seen.hash !== hash && this.good.has(hash)) return undefined;
    return `verification: serial ${now.serial} by ${by.name} says that ${hash} was seen to work, but it was not`;
  }

  /** Why a release may not be called good. */
  wrongRelease({ serial, status, operation, assemblyHash }: ReleaseRecord): string | undefined {
    if (status !== "good" || operation === "destroy" || this.good.has(assemblyHash)) return undefined;
    return `verification: the release of serial ${serial} is called good, but nobody saw it work`;
  }
}

function problem(path: string): Diagnostic {
  return { severity: "error", code: "smoke-test-failed", message: "it does not work", path };
}
