/** The tasks of a plan and their order: what is new first, what used the old next, the old last. */
import type { Plan, Step } from "../model/plan.js";
import type { ResourceSpec } from "../model/resource.js";
import { urnOfKey } from "../plan/selection.js";
import { specNeeds } from "./make.js";
import type { Run } from "./run.js";
import type { Task, TaskEnd } from "./schedule.js";
import { applyStep, removeStep, runStep, skipStep } from "./steps.js";

const LAST = "barrier:deletes";

/** Ids of tasks. */
const applyId = (urn: string): string => `apply:${urn}`;
const firstId = (urn: string): string => `first:${urn}`;
const deleteId = (key: string): string => `delete:${key}`;

/** All tasks of a plan. */
export function tasksOf(run: Run, plan: Plan): Task[] {
  const applies = plan.steps.filter((s) => s.spec !== undefined);
  const deletes = plan.steps.filter((s) => s.spec === undefined);
  const edges = new Edges(applies, deletes);
  const tasks: Task[] = [];
  for (const step of applies) {
    tasks.push(applyTask(run, step, edges));
    if (step.change.action !== "replace") continue;
    tasks.push(step.deleteBeforeReplace ? firstTask(run, step, edges) : oldTask(run, step, edges));
  }
  for (const step of deletes) tasks.push(deleteTask(run, step, edges));
  const all = tasks.filter((t) => t.id.startsWith("apply:")).map((t) => t.id);
  const applied = async () => {
    await run.request.applied?.(run.state.snapshot());
    return "done" as const;
  };
  tasks.push({ id: LAST, needs: [], after: all, run: applied, skip: () => {} });
  return tasks;
}

/** Who waits for whom. */
class Edges {
  /** URN -> steps whose recorded resource used it. */
  readonly users = new Map<string, Step[]>();
  readonly deleteFirst = new Set<string>();
  /** Keys that must go before something that is deleted first. */
  readonly early = new Set<string>();

  constructor(applies: readonly Step[], deletes: readonly Step[]) {
    for (const step of [...applies, ...deletes]) {
      for (const urn of step.prior?.dependsOn ?? []) {
        const list = this.users.get(urn);
        if (list) list.push(step);
        else this.users.set(urn, [step]);
      }
    }
    for (const step of applies) if (step.change.action === "replace" && step.deleteBeforeReplace) this.deleteFirst.add(step.key);
    const open = [...this.deleteFirst];
    for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
      for (const user of this.users.get(urn) ?? []) {
        if (user.spec || this.early.has(user.key)) continue;
        this.early.add(user.key);
        open.push(urnOfKey(user.key));
      }
    }
  }

  /** Ids of the tasks that must be done before the old generation of `urn` may go. */
  beforeGone(urn: string, own: string): string[] {
    const ids: string[] = [];
    for (const user of this.users.get(urn) ?? []) {
      if (!user.spec) ids.push(deleteId(user.key));
      else if (user.change.action === "replace" && !user.deleteBeforeReplace) {
        ids.push(applyId(user.key), deleteId(`${user.key}#${user.prior?.generation ?? 0}`));
      } else ids.push(applyId(user.key));
    }
    return ids.filter((id) => id !== own);
  }
}

function about(step: Step): { urn: string; type: string; action: Step["change"]["action"] } {
  return { urn: urnOfKey(step.key), type: step.change.type, action: step.change.action };
}

function applyTask(run: Run, step: Step, edges: Edges): Task {
  const spec = step.spec as ResourceSpec;
  const needs = specNeeds(spec).map(applyId);
  if (edges.deleteFirst.has(step.key)) needs.push(firstId(step.key));
  const quiet = step.change.action === "same" && step.prior?.status === "ok" && (spec.actions ?? []).length === 0;
  return {
    id: applyId(step.key),
    needs,
    run: () => runStep(run, about(step), () => applyStep(run, step), quiet),
    skip: (id, end) => skip(run, about(step), id, end),
  };
}

/** The old one goes before its successor is made. */
function firstTask(run: Run, step: Step, edges: Edges): Task {
  const used = (edges.users.get(step.key) ?? []).filter((u) => !u.spec || edges.deleteFirst.has(u.key));
  const before = used.map((u) => (u.spec ? firstId(u.key) : deleteId(u.key)));
  const chained = (step.prior?.dependsOn ?? []).some((urn) => edges.deleteFirst.has(urn));
  const made = chained ? [] : specNeeds(step.spec as ResourceSpec).map(applyId);
  const what = { ...about(step), action: "delete" as const };
  return {
    id: firstId(step.key),
    needs: [...before, ...made],
    run: () => runStep(run, what, () => removeStep(run, step.key, step.key)),
    skip: (id, end) => skip(run, what, id, end),
  };
}

/** The superseded generation goes when nobody uses it any more. */
function oldTask(run: Run, step: Step, edges: Edges): Task {
  const key = `${step.key}#${step.prior?.generation ?? 0}`;
  const what = { ...about(step), action: "delete" as const };
  return {
    id: deleteId(key),
    needs: [applyId(step.key), ...edges.beforeGone(step.key, applyId(step.key))],
    after: [LAST],
    run: async () => (run.state.resources[key] ? runStep(run, what, () => removeStep(run, key, step.key)) : "done"),
    skip: (id, end) => skip(run, what, id, end),
  };
}

function deleteTask(run: Run, step: Step, edges: Edges): Task {
  const urn = urnOfKey(step.key);
  const own = deleteId(step.key);
  return {
    id: own,
    needs: edges.beforeGone(urn, own),
    ...(edges.early.has(step.key) ? {} : { after: [LAST] }),
    run: () => runStep(run, about(step), () => removeStep(run, step.key, urn)),
    skip: (id, end) => skip(run, about(step), id, end),
  };
}

function skip(run: Run, what: ReturnType<typeof about>, id: string, end: TaskEnd): void {
  if (end === "interrupted") run.interrupted = true;
  const cause = urnOfKey(id.slice(id.indexOf(":") + 1));
  const why = end === "interrupted" ? "the run was stopped" : `${nameOf(cause)} ${end === "failed" ? "failed" : "was skipped"}`;
  skipStep(run, what, why, cause);
}

function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
