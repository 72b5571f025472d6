/** The port that plans are made with: Pulumi's preview says what each change would do. Started at the first question. */
import { messageOf } from "../../base/errors.js";
import type { PlanPort, PriorResource, Props, ProviderPlan, ResourceCall } from "../../model/provider.js";
import { ProviderError } from "../../model/provider.js";
import type { ResourceSpec } from "../../model/resource.js";
import { refsIn } from "../../model/values.js";
import { needsOf } from "../../plan/candidate.js";
import type { HookCall } from "./hooks.js";
import type { PulumiCore } from "./sdk.js";
import type { Session, StepEvent } from "./session.js";
import { fromPulumiUrn } from "./urns.js";
import { fromPulumi } from "./values.js";

type PlanCall = ResourceCall & { prior: PriorResource | null };

/** What the port is made of. */
export interface PreviewParts {
  /** Starts the preview. */
  start(): Promise<{ session: Session; core: PulumiCore }>;
  spec(urn: string): ResourceSpec | undefined;
  lookup: PlanPort["lookup"];
  /** From where relative paths of files count. */
  root: string;
}

/** Answers from one preview. */
export class PreviewPort implements PlanPort {
  private running: ReturnType<PreviewParts["start"]> | undefined;
  private readonly answers = new Map<string, ProviderPlan>();
  private readonly heard = new Map<string, { [key: string]: unknown }>();
  readonly lookup: PlanPort["lookup"];

  constructor(private readonly parts: PreviewParts) {
    this.lookup = (token, args) => parts.lookup(token, args);
  }

  /** Hook of the preview: the outputs that a create or update would give. */
  async after(call: HookCall): Promise<void> {
    const urn = fromPulumiUrn(call.urn);
    if (urn !== undefined && call.newOutputs) this.heard.set(urn, call.newOutputs);
  }

  /** See {@link PlanPort}. A second question about a resource is about its next generation: the same, with its own inputs. */
  async plan(call: PlanCall): Promise<ProviderPlan> {
    const known = this.answers.get(call.urn);
    if (known) return { ...known, outputs: { ...known.outputs, ...call.inputs } };
    this.running ??= this.parts.start();
    const { session, core } = await this.running;
    const registrar = await session.ready.catch((error: unknown) => {
      throw new ProviderError("failed", `Pulumi's preview could not be started: ${messageOf(error)}`);
    });
    const spec = this.parts.spec(call.urn);
    const made = registrar.register({
      urn: call.urn,
      type: call.type,
      inputs: call.inputs,
      secretPaths: call.secretPaths ?? [],
      needs: spec ? needsOf(spec, refsIn([spec.props])) : [],
      options: spec?.options ?? {},
    });
    // In a preview the id of what is new is never known, so only the end of the preview tells of a failure.
    const ok = await Promise.race([made.then(() => true), session.ended.then(() => false)]);
    if (!ok) throw await this.refusal(session, call.urn);
    const step = await session.step(call.urn);
    if (!step) throw new ProviderError("failed", "Pulumi's preview ended without a word about it");
    const answer = await this.answer(core, call, step);
    this.answers.set(call.urn, answer);
    return answer;
  }

  private async refusal(session: Session, urn: string): Promise<ProviderError> {
    await session.failure(urn);
    const message = session.said(urn) || session.said("") || (await session.ended) || "Pulumi's preview failed";
    return new ProviderError("invalid", message, { diagnostics: [{ severity: "error", code: "invalid", message }] });
  }

  private async answer(core: PulumiCore, call: PlanCall, step: StepEvent): Promise<ProviderPlan> {
    const heard = this.heard.get(call.urn);
    const outputs: Props = heard ? (await fromPulumi(core, heard, this.parts.root)).outputs : { ...call.prior?.outputs, ...call.inputs };
    const paths = Object.entries(step.detailedDiff ?? {});
    const fallback = step.diffs ?? [];
    const changedPaths = paths.length > 0 ? paths.map(([path]) => path) : fallback;
    const replacing = paths.filter(([, d]) => d.diffKind.endsWith("replace")).map(([path]) => path);
    const action = actionOf(step.op);
    return {
      action,
      replacePaths: action === "replace" ? (replacing.length > 0 ? replacing : (step.keys ?? [])).sort() : [],
      outputs: action === "same" ? (call.prior?.outputs ?? outputs) : outputs,
      changedPaths: action === "create" ? Object.keys(call.inputs).sort() : [...changedPaths].sort(),
      diagnostics: [],
    };
  }

  /** Lets the preview end; resolves with its text where it failed. */
  async close(): Promise<string | undefined> {
    if (!this.running) return undefined;
    const running = await this.running.catch(() => undefined);
    if (!running) return undefined;
    const registrar = await running.session.ready.catch(() => undefined);
    registrar?.keepRest();
    running.session.finish({});
    return running.session.ended;
  }
}

function actionOf(op: string): ProviderPlan["action"] {
  if (op === "create" || op === "update" || op === "same") return op;
  if (op.includes("replace")) return "replace";
  throw new ProviderError("failed", `Pulumi's preview would ${op} it, which no plan of Panka's asks for`);
}
