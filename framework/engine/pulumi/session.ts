/**
 * One run of the CLI, preview or up, with this process as its program. The program waits until it is told to end, so that resources
 * can be registered one after another from outside of it; hooks and events tell what became of them.
 */
import { AsyncResource } from "node:async_hooks";
import { messageOf } from "../../base/errors.js";
import type { HookActions } from "./hooks.js";
import { registerHooks } from "./hooks.js";
import { Registrar, type RegistrarOptions } from "./registrar.js";
import type { PulumiSdk } from "./sdk.js";
import { fromPulumiUrn } from "./urns.js";
import { cleanMessage, type Workspace } from "./workspace.js";

/** What Pulumi says about a step. */
export interface StepEvent {
  op: string;
  detailedDiff?: { [path: string]: { diffKind: string } };
  keys?: string[];
  diffs?: string[];
  new?: { id?: string; outputs?: { [key: string]: unknown } };
}

/** How a step failed: 0 nothing was done, 1 something was made that is not whole, 2 not known. */
export interface StepFailure {
  status: number;
  step: StepEvent;
}

/** How the run is started. */
export interface SessionOptions {
  sdk: PulumiSdk;
  workspace: Workspace;
  mode: "preview" | "up";
  registrar: Omit<RegistrarOptions, "core" | "hooks">;
  hooks: HookActions;
  parallel: number;
  /** Stops the CLI. */
  signal?: AbortSignal | undefined;
  /** Pulumi URNs that are to be replaced whatever their provider says. */
  replace?: readonly string[];
}

/** How long an event may come after the call that it is about, ms. */
const EVENT_WAIT_MS = 10_000;

/** A running preview or up. */
export class Session {
  private readonly planned = new Map<string, StepEvent>();
  private readonly failures = new Map<string, StepFailure>();
  private readonly messages = new Map<string, string[]>();
  private waiting: (() => void)[] = [];
  private over = false;
  private finishProgram: (outputs: { [key: string]: unknown }) => void = () => {};
  /** Resolves when the CLI has ended; never rejects. Its text where it failed. */
  readonly ended: Promise<string | undefined>;
  /** Resolves when the program runs; rejects when the CLI ended before. */
  readonly ready: Promise<Registrar>;

  constructor(private readonly options: SessionOptions) {
    let started: (registrar: Registrar) => void = () => {};
    const outputs = new Promise<{ [key: string]: unknown }>((resolve) => {
      this.finishProgram = resolve;
    });
    const running = new Promise<Registrar>((resolve) => {
      started = resolve;
    });
    const { sdk, mode, hooks } = options;
    const program = async () => {
      const bound = AsyncResource.bind(<T>(body: () => T): T => body());
      const binding = registerHooks(sdk.core, hooks, mode === "preview");
      started(new Registrar({ ...options.registrar, core: sdk.core, hooks: binding, inProgram: bound as <T>(body: () => T) => T }));
      return outputs;
    };
    this.ended = this.start(program);
    this.ready = Promise.race([
      running,
      this.ended.then((text) => {
        throw new Error(text ?? "Pulumi ended before the program began");
      }),
    ]);
    this.ready.catch(() => {});
  }

  private async start(program: () => Promise<{ [key: string]: unknown }>): Promise<string | undefined> {
    const { workspace, mode, signal, replace, parallel } = this.options;
    const common = {
      program,
      parallel,
      color: "never" as const,
      userAgent: "panka",
      suppressOutputs: true,
      onEvent: (event: unknown) => this.hear(event as EngineEvent),
      ...(signal ? { signal } : {}),
      ...(replace?.length ? { replace: [...replace] } : {}),
    };
    try {
      if (mode === "preview") await workspace.stack.preview(common);
      else await workspace.stack.up({ ...common, continueOnError: true });
      return undefined;
    } catch (error) {
      return cleanMessage(messageOf(error)) || "Pulumi failed";
    } finally {
      this.over = true;
      this.wake();
    }
  }

  /** Lets the program end, with the stack's outputs. What is no longer registered is deleted then. */
  finish(outputs: { [key: string]: unknown }): void {
    this.finishProgram(outputs);
  }

  /** What Pulumi said that it would do with a resource; undefined if it ended without saying. */
  step(urn: string): Promise<StepEvent | undefined> {
    return this.await(() => this.planned.get(urn));
  }

  /** How a resource failed; undefined if that was not said. */
  failure(urn: string): Promise<StepFailure | undefined> {
    return this.await(() => this.failures.get(urn));
  }

  /** Error messages about a resource; "" stands for those about none. */
  said(urn: string): string {
    return [...new Set(this.messages.get(urn) ?? [])].join("; ");
  }

  private async await<T>(find: () => T | undefined): Promise<T | undefined> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.wake();
    }, EVENT_WAIT_MS);
    try {
      for (;;) {
        const found = find();
        if (found !== undefined || this.over || late) return found;
        await new Promise<void>((resolve) => this.waiting.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  private hear(event: EngineEvent): void {
    const pre = event.resourcePreEvent?.metadata;
    const urn = pre && fromPulumiUrn(pre.urn);
    if (pre && urn !== undefined && !this.planned.has(urn)) this.planned.set(urn, pre);
    const failed = event.resOpFailedEvent;
    const of = failed && fromPulumiUrn(failed.metadata.urn);
    if (failed && of !== undefined) this.failures.set(of, { status: failed.status, step: failed.metadata });
    const said = event.diagnosticEvent;
    if (said?.severity === "error") {
      const about = (said.urn && fromPulumiUrn(said.urn)) || "";
      const text = cleanText(said.message);
      if (!/^(update|preview) failed$/.test(text)) this.messages.set(about, [...(this.messages.get(about) ?? []), text]);
    }
    this.wake();
  }
}

type Metadata = StepEvent & { urn: string };

/** The parts of an engine event that are read (sdk/go/common/apitype/events.go). */
interface EngineEvent {
  resourcePreEvent?: { metadata: Metadata };
  resOpFailedEvent?: { metadata: Metadata; status: number };
  diagnosticEvent?: { urn?: string; message: string; severity: string };
}

function cleanText(text: string): string {
  return text
    .replace(/<\{%[a-z_ ]*%\}>/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
