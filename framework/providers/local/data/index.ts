/** All rules of the local provider, by token. A type without a rule gets a generic id and ARN. */
import type { RuleTable } from "../rules.js";
import { COMPUTE } from "./compute.js";
import { DATABASE } from "./database.js";
import { EDGE } from "./edge.js";
import { IAM } from "./iam.js";
import { MESSAGING } from "./messaging.js";
import { MONITORING } from "./monitoring.js";
import { NETWORK } from "./network.js";
import { STORAGE } from "./storage.js";

/** Rules by token. */
export const RULES: RuleTable = {
  ...COMPUTE,
  ...DATABASE,
  ...EDGE,
  ...IAM,
  ...MESSAGING,
  ...MONITORING,
  ...NETWORK,
  ...STORAGE,
};
