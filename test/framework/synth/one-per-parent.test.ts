import { test } from "uvu";
import * as assert from "uvu/assert";
import { AwsResource } from "../../../constructs/aws.js";
import { S3, Service, Stack } from "../../../constructs/index.js";
import { synthOf } from "../../support/synth.js";

/** A bucket that is told to tell a queue, and that many resources that write its list of notifications besides. */
function bucketWithLists(count: number): Stack {
  const stack = new Stack("shared-bucket", { provider: { name: "aws", region: "us-east-1" } });
  const app = new Service(stack, "app");
  const files = new S3(app, "files", {});
  for (let i = 0; i < count; i++)
    new AwsResource(app, `list-${i}`, "aws:s3/bucketPolicy:BucketPolicy", { bucket: files.bucketName, policy: "{}" });
  return stack;
}

test("two resources that would overwrite each other's one thing of a bucket are an error that names both and the bucket", async () => {
  assert.equal((await synthOf(bucketWithLists(0))).codes, []);
  const { codes, diagnostics } = await synthOf(bucketWithLists(1));
  assert.equal(codes, ["one-per-parent"]);
  for (const name of ["app/list-0", "app/files"]) assert.match(diagnostics[0]?.message ?? "", name);
});

test.run();
