/** List: the stacks and environments that a back end holds. */
import { compareText } from "../base/diagnostics.js";
import type { StackId } from "../model/stack-model.js";
import { readState } from "../state/read.js";
import { withBackend } from "./access.js";
import { stacksOf } from "./backend-folders.js";
import type { OperationContext } from "./context.js";

/** One row. */
export interface ListedStack extends Omit<StackId, "regional"> {
  environment: string;
  resources: number;
  serial: number;
  provider: string;
  region: string;
  account: string;
}

/** All of them, by stack and environment. Throws a usage error where no back end is configured. */
export async function listStacks(context: OperationContext): Promise<ListedStack[]> {
  const rows: ListedStack[] = [];
  for (const { environment, ...id } of await stacksOf(context)) {
    const { regional: _, ...named } = id;
    const own = { ...context, settings: { ...context.settings, environment } };
    const state = await withBackend(own, id, async (b) => (await readState(b))?.state ?? null);
    if (!state) continue;
    rows.push({
      ...named,
      environment,
      resources: Object.keys(state.resources).length,
      serial: state.serial,
      provider: state.provider.name,
      region: state.provider.region,
      account: state.provider.account,
    });
  }
  return rows.sort(
    (a, b) =>
      compareText(a.tenant ?? "", b.tenant ?? "") ||
      compareText(a.stack, b.stack) ||
      compareText(a.environment, b.environment) ||
      compareText(a.region, b.region),
  );
}
