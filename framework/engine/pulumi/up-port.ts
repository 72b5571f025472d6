/**
 * The provider port of a run: creates and updates are registrations, deletes are what Pulumi does at the end with what was not
 * registered. Each is let through by a hook only if the plan asks for it now and the lease stands.
 */
import { isOwnToken } from "../../model/images.js";
import type { Gate } from "../../model/journal.js";
import type { PriorResource, Provider, ProviderResult, ResourceCall } from "../../model/provider.js";
import { ProviderError } from "../../model/provider.js";
import type { ResourceSpec } from "../../model/resource.js";
import { specNeeds } from "../make.js";
import type { HookActions, HookCall } from "./hooks.js";
import type { PulumiCore } from "./sdk.js";
import type { Session } from "./session.js";
import { fromPulumiUrn, pulumiName } from "./urns.js";
import { fromPulumi } from "./values.js";

/** What Pulumi says when its plugin or the reply was lost. */
const LOST =
  /transport is closing|connection (refused|reset|error)|error reading from server|\bEOF\b|Unavailable|plugin .*(exited|crashed)/i;

/** A create or update that is asked for. */
interface Call {
  op: "create" | "update";
  /** Its hook let it through: from now on it may have been done. */
  begun: boolean;
  result?: ProviderResult;
}

/** A delete, asked for by the plan, by Pulumi, or both. */
interface Deletion {
  wanted: Promise<void>;
  want(): void;
  begun: boolean;
  done: Promise<void>;
  finish(): void;
}

/** What the port is made of. */
export interface UpParts {
  base: Provider;
  core: PulumiCore;
  gate: Gate;
  /** From where relative paths of files count. */
  root: string;
  /** The spec of a URN as planned. */
  spec(urn: string): ResourceSpec | undefined;
  /** True for what is only dropped from the state. */
  retained(urn: string): boolean;
}

/** Joins the executor's calls with Pulumi's hooks. */
export class UpPort implements HookActions {
  private readonly calls = new Map<string, Call>();
  private readonly deletions = new Map<string, Deletion>();
  private session: Session | undefined;
  /** Rejects hooks that wait for the executor when it is through. */
  private stop: () => void = () => {};
  private readonly stopped: Promise<void>;

  constructor(private readonly parts: UpParts) {
    this.stopped = new Promise((resolve) => {
      this.stop = resolve;
    });
  }

  /** The port that the executor calls. */
  provider(session: Session): Provider {
    this.session = session;
    const { base } = this.parts;
    return {
      name: base.name,
      settleMs: base.settleMs,
      identity: () => base.identity(),
      validate: (call) => base.validate(call),
      plan: (call) => base.plan(call),
      lookup: (token, args) => base.lookup(token, args),
      read: (call) => base.read(call),
      import: (call) => base.import(call),
      findByTags: (type, tags) => base.findByTags(type, tags),
      tagged: (tags) => base.tagged(tags),
      waitReady: (call) => base.waitReady(call),
      close: async () => {},
      create: (call) => (isOwnToken(call.type) ? base.create(call) : this.perform("create", call, null)),
      update: (call) => (isOwnToken(call.type) ? base.update(call) : this.perform("update", call, call.prior)),
      delete: (call) => (isOwnToken(call.type) ? base.delete(call) : this.delete(call.urn, call.prior.id)),
    };
  }

  /** The executor asks for nothing more. */
  close(): void {
    this.stop();
  }

  async before(op: "create" | "update" | "delete", hook: HookCall): Promise<void> {
    const urn = fromPulumiUrn(hook.urn);
    if (urn === undefined) return;
    if (op === "delete") return this.beforeDelete(urn, hook.id);
    const call = this.calls.get(urn);
    if (!call || call.op !== op) throw unplanned(op, urn);
    await this.parts.gate.check();
    call.begun = true;
  }

  async after(op: "create" | "update" | "delete", hook: HookCall): Promise<void> {
    const urn = fromPulumiUrn(hook.urn);
    if (urn === undefined) return;
    if (op === "delete") return this.deletion(urn, hook.id).finish();
    const call = this.calls.get(urn);
    if (!call) return;
    const found = await fromPulumi(this.parts.core, hook.newOutputs ?? {}, this.parts.root);
    call.result = { id: hook.id, ...found, diagnostics: [] };
  }

  private async beforeDelete(urn: string, id: string): Promise<void> {
    if (this.parts.retained(urn)) return;
    const deletion = this.deletion(urn, id);
    const asked = await Promise.race([deletion.wanted.then(() => true), this.stopped.then(() => false)]);
    if (!asked) throw unplanned("delete", urn);
    await this.parts.gate.check();
    deletion.begun = true;
  }

  private async perform(op: Call["op"], request: ResourceCall, prior: PriorResource | null): Promise<ProviderResult> {
    const session = this.session as Session;
    const { urn } = request;
    const registrar = await session.ready;
    if (registrar.has(urn)) throw new ProviderError("failed", "it was already registered in this run; run the same command again");
    const call: Call = { op, begun: false };
    this.calls.set(urn, call);
    const spec = this.parts.spec(urn);
    const registered = registrar.register({
      urn,
      type: request.type,
      inputs: request.inputs,
      secretPaths: request.secretPaths ?? [],
      needs: spec ? specNeeds(spec) : [],
      options: spec?.options ?? {},
    });
    const ok = await Promise.race([registered, session.ended.then(() => false)]);
    this.calls.delete(urn);
    if (call.result) return call.result;
    if (ok && prior) return { ...prior, secretPaths: [], diagnostics: [] };
    throw await this.failure(urn, request, call.begun);
  }

  /** Why a create or update failed, and how much of it was done. */
  private async failure(urn: string, request: ResourceCall, begun: boolean): Promise<ProviderError> {
    const session = this.session as Session;
    const failed = await session.failure(urn);
    const message = session.said(urn) || session.said("") || (begun ? "Pulumi ended before it was done" : "Pulumi did not do it");
    if (!begun || failed?.status === 0) return new ProviderError("failed", message);
    // Pulumi calls every error of its provider "unknown"; only a lost plugin or a lost reply is.
    if (failed?.status === 2 && session.said(urn) && !LOST.test(message)) return new ProviderError("failed", message);
    const id = failed?.status === 1 ? failed.step.new?.id : undefined;
    const partial = id ? await this.readPartial(request, id) : null;
    return new ProviderError("failed", message, partial ? { partial } : { outcome: "unknown" });
  }

  private async readPartial(request: ResourceCall, id: string): Promise<ProviderResult | null> {
    const prior = { id, inputs: request.inputs, outputs: {}, private: "", schemaVersion: 0 };
    return this.parts.base.read({ urn: request.urn, type: request.type, prior }).catch(() => null);
  }

  private async delete(urn: string, id: string): Promise<void> {
    const session = this.session as Session;
    const deletion = this.deletion(urn, id);
    deletion.want();
    const failed = session.failure(urn).then((f) => f?.step.op.startsWith("delete") === true);
    const done = await Promise.race([deletion.done.then(() => true), failed.then((is) => (is ? false : session.ended.then(() => false)))]);
    if (done) return;
    const failure = await session.failure(urn);
    const message = session.said(urn) || session.said("") || "Pulumi ended before it was deleted";
    throw new ProviderError("failed", message, { outcome: deletion.begun && failure?.status !== 0 ? "unknown" : "none" });
  }

  private deletion(urn: string, id: string): Deletion {
    const key = `${urn} ${id}`;
    const known = this.deletions.get(key);
    if (known) return known;
    let want = () => {};
    let finish = () => {};
    const wanted = new Promise<void>((resolve) => {
      want = resolve;
    });
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const made: Deletion = { wanted, want, begun: false, done, finish };
    this.deletions.set(key, made);
    return made;
  }
}

function unplanned(op: string, urn: string): Error {
  return new Error(`Pulumi would ${op} ${pulumiName(urn)}, which this run's plan does not ask for; it was not done`);
}
