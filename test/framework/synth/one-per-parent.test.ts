import { test } from "uvu";
import * as assert from "uvu/assert";
import { Lambda, S3, Service, Stack } from "../../../constructs/index.js";
import { synthOf } from "../../support/synth.js";

/** A bucket and that many functions that hear of its new files. */
function bucketWithListeners(count: number): Stack {
  const stack = new Stack("shared-bucket", { provider: { name: "aws", region: "us-east-1" } });
  const app = new Service(stack, "app");
  new S3(app, "files", {});
  for (let i = 0; i < count; i++) {
    new Lambda(app, `on-file-${i}`, {
      runtime: "nodejs20.x",
      handler: "index.handler",
      code: { zipFile: "export const handler = async () => {};" },
      triggers: [{ type: "s3", source: { component: "files" } }],
    });
  }
  return stack;
}

test("one function may hear of a bucket's new files", async () => {
  assert.equal((await synthOf(bucketWithListeners(1))).codes, []);
});

test("two functions that would overwrite each other's bucket notification are an error that names both and the bucket", async () => {
  const { codes, diagnostics } = await synthOf(bucketWithListeners(2));
  assert.equal(codes, ["one-per-parent"]);
  for (const name of ["app/on-file-0", "app/on-file-1", "app/files"]) assert.match(diagnostics[0]?.message ?? "", name);
});

test.run();
