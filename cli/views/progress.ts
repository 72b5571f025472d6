/** Progress of a run on stderr: redrawn in place on a terminal, plain lines elsewhere, JSON lines on stdout with --json. */
import type { EventSink, RunEvent } from "../../framework/model/events.js";
import { diagnosticJson, diagnosticLines } from "./diagnostics.js";
import { duration, type Output, plainText, resourceName } from "./output.js";

/** A view of a run's events. */
export interface Progress {
  emit: EventSink;
  /** Clears what is drawn in place, until the next event. */
  pause(): void;
  /** Clears what is drawn in place; nothing is drawn afterwards. */
  stop(): void;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const DONE: Record<string, string> = {
  create: "created",
  update: "changed",
  replace: "replaced",
  delete: "deleted",
  action: "done",
  same: "kept",
};
const DOING: Record<string, string> = {
  create: "creating",
  update: "changing",
  replace: "replacing",
  delete: "deleting",
  action: "doing",
  same: "keeping",
};
/** The progress view for an output. `ticking` off leaves out the timer (tests). */
export function makeProgress(output: Output, now: () => number): Progress {
  if (output.json) return jsonProgress(output);
  return output.live ? liveProgress(output, now) : lineProgress(output);
}

function jsonProgress(output: Output): Progress {
  return {
    emit: (event) => {
      const shown = event.type === "diagnostic" ? { type: "diagnostic", ...diagnosticJson(event.diagnostic) } : event;
      output.out(JSON.stringify(shown));
    },
    pause: () => {},
    stop: () => {},
  };
}

function lineProgress(output: Output): Progress {
  return {
    emit: (event) => {
      for (const line of eventLines(event, output)) output.err(line);
    },
    pause: () => {},
    stop: () => {},
  };
}

function liveProgress(output: Output, now: () => number): Progress {
  const running = new Map<string, { label: string; since: number; now?: string }>();
  let drawn = 0;
  let frame = 0;
  let status = "";
  let stopped = false;
  let paused = false;
  const clear = () => {
    if (drawn > 0) output.stderr.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    if (stopped || paused) return;
    const rows = [...running.values()]
      .slice(0, 8)
      .map((r) => `  ${FRAMES[frame % FRAMES.length]} ${r.label} (${duration(now() - r.since)})${r.now ?? ""}`);
    if (running.size > 8) rows.push(`    and ${running.size - 8} more`);
    if (rows.length === 0 && status) rows.push(`  ${FRAMES[frame % FRAMES.length]} ${status}`);
    for (const row of rows) output.stderr.write(`${row.slice(0, output.columns - 1)}\n`);
    drawn = rows.length;
  };
  const checking = ({ component, test, outcome }: RunEvent & { type: "check" }) => {
    const key = `check ${component} ${test}`;
    if (outcome === "started") running.set(key, { label: `testing ${component || "stack"} ${plainText(test)}`, since: now() });
    else if (outcome !== "retry") running.delete(key);
  };
  const timer = setInterval(() => {
    frame++;
    clear();
    draw();
  }, 120);
  timer.unref();
  return {
    emit: (event) => {
      if (stopped) return;
      paused = false;
      clear();
      if (event.type === "step-started")
        running.set(event.urn, { label: `${DOING[event.action] ?? event.action} ${stepName(event)}`, since: now() });
      else if (event.type === "step-progress") {
        const step = running.get(event.urn);
        if (step) step.now = `: ${plainText(event.message)}`;
      } else if (event.type === "check") checking(event);
      else if (event.type === "step-done" || event.type === "step-failed") running.delete(event.urn);
      if (event.type === "bake") status = `${event.components.join(", ")}: ${event.message}, ${clockText(event.remainingSeconds)} left`;
      status = event.type === "phase" || event.type === "waiting" || event.type === "download" ? event.message : status;
      if (
        event.type !== "step-started" &&
        event.type !== "phase" &&
        event.type !== "step-progress" &&
        event.type !== "download" &&
        event.type !== "bake"
      ) {
        for (const line of eventLines(event, output)) output.err(line);
      }
      draw();
    },
    pause: () => {
      clear();
      paused = true;
      status = "";
    },
    stop: () => {
      if (stopped) return;
      paused = false;
      clear();
      clearInterval(timer);
      stopped = true;
    },
  };
}

/** An event as plain lines. */
export function eventLines(event: RunEvent, output: Output): string[] {
  const paint = output.paintErr;
  switch (event.type) {
    case "phase":
      return output.verbose ? [paint.dim(event.message)] : [];
    case "waiting":
      return [paint.yellow(plainText(event.message))];
    case "step-started":
      return output.verbose ? [`  ${DOING[event.action] ?? event.action} ${stepName(event)}`] : [];
    case "step-progress":
      return [`  ${event.component}: ${plainText(event.message)}`];
    case "step-done":
      return event.action === "same"
        ? []
        : [
            `  ${paint.green("✓")} ${DONE[event.action] ?? event.action} ${stepName(event)}${event.durationMs < 100 ? "" : ` (${duration(event.durationMs)})`}`,
          ];
    case "step-failed":
      return [`  ${paint.red("✗")} ${stepName(event)}: ${plainText(event.message)}`];
    case "step-skipped":
      return [`  ${paint.yellow("-")} skipped ${stepName(event)}: ${plainText(event.because)}`];
    case "recovered":
      return [`  ${paint.blue("recovered")} ${event.component}: ${plainText(event.message)}`];
    case "check":
      return checkLines(event, output);
    case "diagnostic":
      return diagnosticLines(event.diagnostic, paint);
    case "stage":
      return [`  ${paint.blue("stage")} ${event.components.join(", ")}: ${plainText(event.message)}`];
    case "bake":
      return isWorthALine(event)
        ? [`  ${event.components.join(", ")}: ${plainText(event.message)}, ${clockText(event.remainingSeconds)} left`]
        : [];
    case "download":
      return [];
  }
}

/** Of a countdown: its beginning, and each full minute. */
function isWorthALine({ remainingSeconds, totalSeconds }: { remainingSeconds: number; totalSeconds: number }): boolean {
  return remainingSeconds === totalSeconds || (remainingSeconds > 0 && remainingSeconds % 60 === 0);
}

/** `4:50`. */
function clockText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A smoke test: `testing` on a terminal that is not redrawn only with --verbose. */
function checkLines({ component, test, outcome, message }: RunEvent & { type: "check" }, { paintErr: paint, verbose }: Output): string[] {
  const name = plainText(`${component || "stack"} ${test}`);
  if (outcome === "started") return verbose ? [`  testing ${name}: ${plainText(message)}`] : [];
  if (outcome === "retry") return [`  ${paint.yellow("…")} ${name}: ${plainText(message)}`];
  return [`  ${outcome === "passed" ? paint.green("✓") : paint.red("✗")} test ${name}: ${plainText(message)}`];
}

function stepName(event: { urn: string; component: string; resourceType: string }): string {
  const component = event.component.startsWith("_stack/") ? `shared ${event.component.slice(7)}` : event.component;
  return `${component} ${resourceName(event.urn, event.resourceType)}`;
}
