import { test } from "uvu";
import * as assert from "uvu/assert";
import { callFailed, codeOf, noAnswer, toDiagnostics } from "../../../../framework/providers/aws/failures.js";
import { configureFailed } from "../../../../framework/providers/aws/settings.js";

const error = (summary: string, detail = "") => ({ severity: 1, summary, detail, attribute: null });

test("AWS's words become stable codes", () => {
  const expected: [string, string][] = [
    ["conflict", "api error EntityAlreadyExists: Role with name r already exists."],
    ["conflict", "BucketAlreadyOwnedByYou"],
    ["conflict", "creating Lambda Function (x): ResourceConflictException: Function already exist: x"],
    ["conflict", "api error InvalidGroup.Duplicate: The security group 'x' already exists"],
    ["not-found", "api error NoSuchEntity: The role with name x cannot be found."],
    ["not-found", "Cannot import non-existent remote object"],
    ["not-found", "finding IAM OIDC Provider by url (https://x): not found"],
    ["not-found", "ResourceNotFoundException: Requested resource not found"],
    ["denied", "api error AccessDenied: User: arn:aws:iam::1:user/x is not authorized to perform: sqs:CreateQueue"],
    ["denied", "UnauthorizedOperation: You are not authorized to perform this operation."],
    ["throttled", "ThrottlingException: Rate exceeded"],
    ["failed", "api error InvalidParameterValue: no"],
  ];
  for (const [code, text] of expected) assert.is(codeOf(text), code, text);
});

test("a change whose connection broke has an unknown outcome; a refused one changed nothing", () => {
  const broken = [error("creating SNS Topic (x)", "read: connection reset by peer")];
  assert.is(callFailed(broken, {}, { changes: true }).outcome, "unknown");
  assert.is(callFailed(broken, {}).outcome, "none");
  assert.is(callFailed([error("AccessDenied")], {}, { changes: true }).outcome, "none");
});

test("no answer from the plugin is unknown for a change and nothing for a look", () => {
  const lost = noAnswer(new Error("14 UNAVAILABLE"), "was killed (SIGKILL)", true);
  assert.equal([lost.code, lost.outcome], ["died", "unknown"]);
  assert.match(lost.message, /was killed \(SIGKILL\)/);
  assert.is(noAnswer(new Error("x"), undefined, false).outcome, "none");
});

test("a configuration that AWS refuses says what to do", () => {
  const code = (text: string, more = {}): [string, string | undefined] => {
    const e = configureFailed([error(text)], { region: "mars-1", ...more });
    return [e.code, e.next];
  };
  assert.equal(code("No valid credential sources found"), [
    "no-credentials",
    "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  ]);
  assert.equal(code("failed to get shared config profile, dev", { profile: "dev" }), ["no-credentials", "aws sso login --profile dev"]);
  assert.is(code("Invalid AWS Region: mars-1")[0], "wrong-region");
  assert.is(code("InvalidClientTokenId: The security token included in the request is invalid.")[0], "bad-credentials");
  assert.is(code("Cannot assume IAM Role")[0], "assume-role");
  assert.is(code("anything else")[0], "provider-configure");
});

test("a destination of copies that is not there is explained by what makes it", () => {
  const text = "putting S3 Bucket (a) Replication Configuration: InvalidRequest: Destination bucket must exist.";
  const [found] = toDiagnostics([error(text)]);
  assert.match(found?.message ?? "", /must exist \(S3 copies only to a bucket that is there; .*panka deploy --region <its region>\)$/);
  assert.not.match(toDiagnostics([error("anything else")])[0]?.message ?? "", /\(/);
});

test.run();
