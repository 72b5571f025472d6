/** A saved plan: all that is needed to do later, elsewhere, what was shown. No secret value is in it. Persisted; versioned; golden file in test/golden/plan. */
import type { ApprovalRule } from "./approval.js";
import type { Assembly, ComponentGraph } from "./assembly.js";
import type { Plan, ShownPlan } from "./plan.js";
import type { StackId } from "./stack-model.js";
import type { ProviderIdentity, StateFile } from "./state-file.js";

/** Version of the file's format; another one is refused. */
export const SAVED_PLAN_VERSION = 1;

/** The state that a plan was made against. */
export interface PlannedState {
  /** "" where there was none. */
  lineage: string;
  /** 0 where there was none. */
  serial: number;
  /** What stood then, see stateFingerprint. */
  content: string;
}

/** The file. */
export interface SavedPlan extends StackId {
  version: typeof SAVED_PLAN_VERSION;
  /** SHA-256 of the canonical JSON of all the rest: what is approved. */
  id: string;
  operation: "deploy" | "destroy";
  environment: string;
  /** Panka's own version. */
  panka: string;
  /** By the clock of the machine that made it, ISO 8601. */
  at: string;
  /** Who made it: see Agreement. */
  by: string;
  gitCommit?: string;
  engine: StateFile["engine"];
  provider: ProviderIdentity;
  /** `provider` of the Stack document: account, role, profile. */
  place: { [key: string]: unknown };
  state: PlannedState;
  assembly: Assembly;
  /** Of the stack's components, for the selection. */
  graph: ComponentGraph;
  selection: { services: string[]; components: string[]; withDependencies: boolean };
  /** The cloud was asked about what stands. */
  refresh: boolean;
  /** `--allow-delete` of a destroy: what is protected and goes all the same. */
  allowDelete: string[];
  /** `--image`: component -> image. */
  imageOverrides: { [component: string]: string };
  /** What look-ups found, digests of images among it: the run takes these answers. None that is secret. */
  lookups: Plan["lookups"];
  /** What was shown. */
  plan: ShownPlan;
  /** What asked for an approval when it was made; for information, the run looks again. */
  approval: ApprovalRule[];
}
