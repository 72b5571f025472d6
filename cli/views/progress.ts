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
/** What runs, by URN or test. */
type Running = Map<string, { label: string; since: number; now?: string }>;

/** Events that a terminal is redrawn for, and that leave no line there. */
const DRAWN: ReadonlySet<RunEvent["type"]> = new Set(["phase", "step-started", "step-progress", "download", "bake"]);

/** The progress view for an output. */
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
  let minute = 0;
  return {
    emit: (event) => {
      if (event.type === "bake") {
        // Of a countdown: its beginning, and each minute that has begun since the last line.
        const { remainingSeconds, totalSeconds } = event;
        const now = Math.ceil(remainingSeconds / 60);
        if (remainingSeconds < totalSeconds && (now === 0 || now === minute)) return;
        minute = now;
      }
      for (const line of eventLines(event, output)) output.err(line);
    },
    pause: () => {},
    stop: () => {},
  };
}

function liveProgress(output: Output, now: () => number): Progress {
  const running: Running = new Map();
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
      status = followed(event, running, now()) ?? status;
      if (!DRAWN.has(event.type)) for (const line of eventLines(event, output)) output.err(line);
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

/** Keeps to an event what runs; returns what is done now, where the event says it. */
function followed(event: RunEvent, running: Running, since: number): string | undefined {
  switch (event.type) {
    case "step-started":
      running.set(event.urn, { label: `${DOING[event.action] ?? event.action} ${stepName(event)}`, since });
      return undefined;
    case "step-progress": {
      const step = running.get(event.urn);
      if (step) step.now = `: ${plainText(event.message)}`;
      return undefined;
    }
    case "step-done":
    case "step-failed":
      running.delete(event.urn);
      return undefined;
    case "check": {
      const key = `check ${event.component} ${event.test}`;
      if (event.outcome === "started") running.set(key, { label: `testing ${event.component || "stack"} ${plainText(event.test)}`, since });
      else if (event.outcome !== "retry") running.delete(key);
      return undefined;
    }
    case "bake":
      return bakeText(event);
    case "phase":
    case "waiting":
    case "download":
      return plainText(event.message);
    default:
      return undefined;
  }
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
      return [`  ${bakeText(event)}`];
    case "download":
      return [];
  }
}

/** `app/api: the new version is watched for 5 minutes, 4:50 left`. */
function bakeText({ components, message, remainingSeconds }: RunEvent & { type: "bake" }): string {
  const clock = `${Math.floor(remainingSeconds / 60)}:${String(remainingSeconds % 60).padStart(2, "0")}`;
  return `${components.join(", ")}: ${plainText(message)}, ${clock} left`;
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
