/** A small project on the local provider, for tests of commands. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFiles } from "../support/cli.js";

/** A stack of one service with one queue. */
export const QUEUE = `apiVersion: core.panka.io/v1
kind: Stack
metadata: { name: tiny }
spec:
  provider: { name: aws, region: us-east-1 }
---
apiVersion: core.panka.io/v1
kind: Service
metadata: { name: shop }
---
apiVersion: components.panka.io/v1
kind: SQS
metadata: { name: jobs }
spec:
  visibilityTimeout: 60
`;

/** A configuration whose development is the local provider and whose production is aws. */
export const CONFIG = `version: 1
environments:
  development: { provider: local }
  production: { provider: aws }
support: { slack: "#platform" }
`;

/** A fresh folder with these files; by default the queue and the configuration. */
export function project(files: { [name: string]: string } = { "stack.yaml": QUEUE, "panka.config.yaml": CONFIG }): string {
  const folder = mkdtempSync(join(tmpdir(), "panka-project-"));
  writeFiles(folder, files);
  return folder;
}
