/** All rules of the local provider, by token. A type without a rule gets a generic id and ARN. */
import type { RuleTable } from "../rules.js";
import { CACHES } from "./caches.js";
import { CLUSTERS } from "./clusters.js";
import { COMPUTE } from "./compute.js";
import { DATABASE } from "./database.js";
import { EDGE } from "./edge.js";
import { IAM } from "./iam.js";
import { IMAGES } from "./images.js";
import { KAFKA } from "./kafka.js";
import { KUBERNETES } from "./kubernetes.js";
import { MESSAGING } from "./messaging.js";
import { MONITORING } from "./monitoring.js";
import { NETWORK } from "./network.js";
import { STORAGE } from "./storage.js";

/** Rules by token. */
export const RULES: RuleTable = {
  ...CACHES,
  ...CLUSTERS,
  ...COMPUTE,
  ...DATABASE,
  ...EDGE,
  ...IAM,
  ...IMAGES,
  ...KAFKA,
  ...KUBERNETES,
  ...MESSAGING,
  ...MONITORING,
  ...NETWORK,
  ...STORAGE,
};
