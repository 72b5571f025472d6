import { test } from "uvu";
import * as assert from "uvu/assert";
import { withTypedFlags } from "../../cli/next-command.js";

const typed = { environment: "production", stack: undefined };

test("a command that is said to be typed next keeps the environment that was typed", () => {
  assert.is(withTypedFlags("panka deploy --yes", typed), "panka deploy -e production --yes");
  assert.is(
    withTypedFlags("panka state history, then panka state restore SERIAL", typed),
    "panka state history -e production, then panka state restore -e production SERIAL",
  );
  assert.is(
    withTypedFlags("panka plan, to see what stands", { environment: "dev", stack: "shop" }),
    "panka plan --stack shop -e dev, to see what stands",
  );
});

test("what a command says itself stands, and nothing is added where nothing was typed", () => {
  assert.is(withTypedFlags("panka deploy -e staging --lock-scope stack", typed), "panka deploy -e staging --lock-scope stack");
  assert.is(withTypedFlags("panka deploy --yes", { environment: undefined, stack: undefined }), "panka deploy --yes");
});

test("commands that know no environment are left alone", () => {
  for (const next of ["panka init FOLDER, with a new folder", "panka engine install", "set AWS_PROFILE, or log in (aws sso login)"])
    assert.is(withTypedFlags(next, typed), next);
});

test.run();
