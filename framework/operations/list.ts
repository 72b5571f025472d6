/** List: the stacks and environments that a back end holds. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../base/diagnostics.js";
import { usageError } from "../base/errors.js";
import { readState } from "../state/read.js";
import { withBackend } from "./access.js";
import { remoteStacks } from "./backend.js";
import type { OperationContext } from "./context.js";

/** One row. */
export interface ListedStack {
  stack: string;
  environment: string;
  resources: number;
  serial: number;
  provider: string;
  region: string;
  account: string;
}

/** All of them, by stack and environment. Throws a usage error where no back end is configured. */
export async function listStacks(context: OperationContext): Promise<ListedStack[]> {
  const { backend } = context.settings;
  if (!backend)
    throw usageError("no-backend", `no back end is configured for ${context.settings.environment}`, { next: "panka backend create" });
  const found = backend.type === "local" ? localStacks(context) : await remoteStacks(context);
  const rows: ListedStack[] = [];
  for (const { stack, environment } of found) {
    const own = { ...context, settings: { ...context.settings, environment } };
    const state = await withBackend(own, stack, async (b) => (await readState(b))?.state ?? null);
    if (!state) continue;
    rows.push({
      stack,
      environment,
      resources: Object.keys(state.resources).length,
      serial: state.serial,
      provider: state.provider.name,
      region: state.provider.region,
      account: state.provider.account,
    });
  }
  return rows.sort((a, b) => compareText(a.stack, b.stack) || compareText(a.environment, b.environment));
}

function localStacks(context: OperationContext): { stack: string; environment: string }[] {
  const base = join(context.settings.projectRoot, ".panka", "stacks");
  if (!existsSync(base)) return [];
  return folders(base).flatMap((stack) => folders(join(base, stack)).map((environment) => ({ stack, environment })));
}

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => e.name);
}
