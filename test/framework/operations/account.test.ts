import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { callerCredentials, keptCredentials } from "../../../framework/operations/account.js";
import type { OperationContext } from "../../../framework/operations/context.js";
import { awsSettings } from "../../../framework/operations/provider.js";
import { withFolder } from "../../support/world.js";

const FILES = ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"];

test("credentials are those of the profile that the settings name, not of the default one", () =>
  withFolder(async (folder) => {
    const file = join(folder, "credentials");
    const of = (profile: string): string => `[${profile}]\naws_access_key_id = of-${profile}\naws_secret_access_key = secret\n`;
    writeFileSync(file, of("default") + of("work"));
    const before = FILES.map((name) => [name, process.env[name]] as const);
    for (const name of FILES) process.env[name] = file;
    try {
      assert.is((await callerCredentials({ region: "eu-west-1", profile: "work" })).accessKeyId, "of-work");
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  }));

test("a stack's calls go in its role, by the profile of the settings, through the proxy", () => {
  const proxy = { https: "http://proxy:3128" };
  const context = { settings: { provider: "aws", aws: { profile: "work", proxy } } } as unknown as OperationContext;
  const assumeRoleArn = "arn:aws:iam::123456789012:role/deploy";
  const reach = awsSettings(context, { region: "eu-west-1", spec: { provider: { assumeRoleArn, profile: "other" } } });
  assert.equal(reach, { region: "eu-west-1", profile: "work", proxy, assumeRoleArn });
});

test("credentials are kept for five minutes; where they could not be had they are asked for again at once", async () => {
  let now = 0;
  const answers = [Promise.reject(new Error("not now")), Promise.resolve("first"), Promise.resolve("second")];
  const credentials = keptCredentials({ monotonic: () => now }, () => answers.shift() as Promise<string>);
  assert.is(await credentials().catch((error) => error.message), "not now");
  assert.equal(await Promise.all([credentials(), credentials()]), ["first", "first"]);
  now = 300_000;
  assert.is(await credentials(), "first");
  now = 300_001;
  assert.is(await credentials(), "second");
  assert.equal(answers, []);
});

test.run();
