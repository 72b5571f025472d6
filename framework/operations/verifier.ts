/** What a deploy verifies before its release counts as good: its smoke tests, then the alarms of what has taken over. */
import type { Deployable } from "./compile.js";
import type { OperationContext } from "./context.js";
import type { DeployOptions } from "./deploy.js";
import type { LockedJob } from "./locked-job.js";
import { awsCall } from "./provider.js";
import { isWatched, watchNew } from "./roll-out.js";
import { runSmokeTests } from "./smoke-tests.js";

/** The part of a job that verifies; nothing where nothing is asked for. A rollback by hand is tested, but not watched. */
export function verifierOf(
  context: OperationContext,
  compiled: Deployable,
  { recordAs, tests = true }: Pick<DeployOptions, "recordAs" | "tests">,
): Pick<LockedJob, "verify"> {
  const { assembly } = compiled.synth;
  const watched = isWatched(assembly) && !recordAs;
  const tested = tests && assembly.checks !== undefined;
  if (!tested && !watched) return {};
  return {
    verify: async (run, done) => {
      const failed = tested ? await runSmokeTests(run, done, awsCall(context, compiled.model)) : [];
      return failed.length > 0 || run.session.gate.isShut || !watched ? failed : watchNew(run, done.state);
    },
  };
}
