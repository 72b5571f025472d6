/** The built-in policies, by what a Compliance document calls them. A new one is one file and one line here. */
import { backupsInProduction } from "./backups-in-production.js";
import { deletionProtectionInProduction } from "./deletion-protection-in-production.js";
import { encryptionAtRest } from "./encryption-at-rest.js";
import { noOpenIngress } from "./no-open-ingress.js";
import { noPublicBucket } from "./no-public-bucket.js";
import { pinnedImages } from "./pinned-images.js";
import type { Policy } from "./policy.js";

/** All of them, in order of their ids. */
export const POLICIES: readonly Policy[] = [
  backupsInProduction,
  deletionProtectionInProduction,
  encryptionAtRest,
  noOpenIngress,
  noPublicBucket,
  pinnedImages,
];
