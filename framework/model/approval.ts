/** Approvals: who may agree to a deployment, and who has. An approval is of one saved plan, and of nothing else. */

/** That deployments to an environment need an approval. */
export interface ApprovalRule {
  /** What asks for it, for messages: `Compliance`, `panka.config.yaml`. */
  asked: string;
  /** Who may approve, see matchesIdentity; empty: anybody but the one who deploys. */
  by: string[];
}

/** One person's (or role's) agreement. */
export interface Agreement {
  /** The ARN behind the credentials; `user@host` where nothing real is deployed. */
  by: string;
  /** By the approver's clock, ISO 8601. */
  at: string;
}

/** approvals/<plan id>.json, in clear; see framework/state/approvals.ts for how it is stored. */
export interface ApprovalRecord {
  version: 1;
  /** The plan's id. */
  plan: string;
  stack: string;
  environment: string;
  /** Of the state that the plan was made against; "" where there was none. */
  lineage: string;
  serial: number;
  /** In the order in which they were given; one per approver. */
  agreements: Agreement[];
}
