/** Looking at the tasks of services while new versions are watched: tasks that end, a version that is given up. */
import { endedWords, mostAlike } from "../base/alike.js";
import type { Diagnostic } from "../base/diagnostics.js";
import { messageOf } from "../base/errors.js";
import { type EndedTask, SERVICE_HEALTH, type ServiceHealth } from "../model/health.js";
import { isProviderError } from "../model/provider.js";
import type { RunningTasks } from "../model/rollout.js";
import type { StateFile } from "../model/state-file.js";
import { recordedText } from "../plan/stages.js";
import type { OpenRun } from "./locked-job.js";

/** Tasks that end alike while they are watched before the new version counts as broken: one may be bad luck. */
const ALIKE = 2;

/** The services of one time of watching. */
export class TaskWatch {
  private readonly services: { component: string; cluster: string; service: string }[];
  /** Tasks that had ended before it began, as far as it has been seen. */
  private before: Set<string> | undefined;
  private told = false;

  constructor(
    private readonly run: OpenRun,
    state: StateFile,
    running: readonly (RunningTasks & { component: string })[],
  ) {
    this.services = running.flatMap(({ component, cluster, service }) => {
      const [place, name] = [recordedText(cluster, state), recordedText(service, state)];
      return place && name ? [{ component, cluster: place, service: name }] : [];
    });
  }

  /** What is wrong now. `last`: no other look follows; a warning says which services have not all of their tasks yet. */
  async look(last: boolean): Promise<Diagnostic[]> {
    if (this.services.length === 0) return [];
    const health = await this.ask();
    if (!health) return [];
    const known = this.before;
    this.before ??= new Set(health.flatMap(({ ended }) => ended.map(({ task }) => task)));
    return this.services.flatMap(({ component }, i) => {
      const one = health[i];
      if (!one) return [];
      const wrong = wrongWith(one, known ? one.ended.filter(({ task }) => !known.has(task)) : []);
      if (wrong !== undefined) return [this.problem(component, wrong)];
      if (last && one.running < one.desired) this.warn(component, "not-steady", `${one.running} of ${one.desired} tasks of it run yet`);
      return [];
    });
  }

  /** A question that is not answered is put again at the next look; a warning says so once. */
  private async ask(): Promise<readonly ServiceHealth[] | undefined> {
    try {
      const services = this.services.map(({ cluster, service }) => ({ cluster, service }));
      const { health } = await this.run.job.provider.lookup(SERVICE_HEALTH, { services });
      return health as unknown as ServiceHealth[];
    } catch (error) {
      if (!isProviderError(error)) throw error;
      if (!this.told) for (const { component } of this.services) this.warn(component, "tasks-unseen", messageOf(error));
      this.told = true;
      return undefined;
    }
  }

  private problem(component: string, message: string): Diagnostic {
    return { severity: "error", code: "tasks-ended", path: component, message, ...this.run.job.position(component) };
  }

  private warn(component: string, code: string, message: string): void {
    const diagnostic: Diagnostic = { severity: "warning", code, path: component, message, ...this.run.job.position(component) };
    this.run.context.emit({ type: "diagnostic", diagnostic });
  }
}

function wrongWith({ gaveUp }: ServiceHealth, ended: readonly EndedTask[]): string | undefined {
  if (gaveUp !== undefined) return gaveUp;
  const alike = mostAlike(ended.map(({ why }) => why));
  return alike.count < ALIKE ? undefined : `${endedWords(alike.count, alike.words)}, while it was watched`;
}
