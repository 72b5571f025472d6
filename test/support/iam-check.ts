/** What IAM is asked for a call, and what a policy answers: by action and by resource, as AWS does. */
import type { AwsCall } from "./aws-proxy.js";

/** An action on a resource; `*`: an action that has no resource of its own. */
export interface Need {
  action: string;
  resource: string;
}

/** A policy document, as far as Panka prints it. */
export interface Policy {
  Statement: { Effect: "Allow" | "Deny"; Action: string[]; Resource: string | string[] }[];
}

/** S3's own names of what is asked of a bucket. */
const SUBRESOURCES: { [query: string]: string } = {
  versioning: "BucketVersioning",
  encryption: "EncryptionConfiguration",
  publicAccessBlock: "BucketPublicAccessBlock",
  lifecycle: "LifecycleConfiguration",
};

/** DynamoDB's own names of the parts of a transaction. */
const PARTS: { [part: string]: string } = {
  ConditionCheck: "ConditionCheckItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
};

/** What a call needs. Source: the Service Authorization Reference of S3, DynamoDB and KMS. */
export function needsOf(call: AwsCall): Need[] {
  if (call.service === "s3") return [{ action: s3Action(call.operation), resource: s3Resource(call) }];
  // Whoever calls may ask who he is; no policy can forbid it.
  if (call.operation === "GetCallerIdentity") return [];
  const body = JSON.parse(call.body || "{}");
  const tagged = Array.isArray(body.Tags) ? [`${call.service}:TagResource`] : [];
  if (call.service === "dynamodb" && call.operation === "TransactWriteItems")
    return (body.TransactItems as { [part: string]: { TableName: string } }[]).flatMap((item) =>
      Object.entries(item).map(([part, { TableName }]) => ({ action: `dynamodb:${PARTS[part]}`, resource: tableArn(TableName) })),
    );
  const resource = call.service === "dynamodb" ? tableArn(body.TableName ?? body.ResourceArn) : `${call.service}:any`;
  return [`${call.service}:${call.operation}`, ...tagged].map((action) => ({ action, resource }));
}

/** Actions of calls, each once, sorted. */
export function actionsOf(calls: readonly AwsCall[]): string[] {
  return [...new Set(calls.flatMap(needsOf).map((need) => need.action))].sort();
}

/** True if one statement allows it and none denies it. Conditions are not looked at, nor the resources of other services than S3 and DynamoDB. */
export function allows(policy: Policy, { action, resource }: Need): boolean {
  const hits = policy.Statement.filter(
    (s) => s.Action.includes(action) && [s.Resource].flat().some((pattern) => resource.endsWith(":any") || matches(pattern, resource)),
  );
  return hits.length > 0 && hits.every((s) => s.Effect === "Allow");
}

/** `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

const tableArn = (name: string): string => (name.startsWith("arn:") ? name : `arn:aws:dynamodb:us-east-1:123456789012:table/${name}`);

function s3Resource({ url, operation }: AwsCall): string {
  const path = url.replace(/\?.*$/, "").replace(/^\//, "").replace(/\/$/, "");
  return `arn:aws:s3:::${/ bucket/.test(operation) ? path.split("/")[0] : path}`;
}

function s3Action(operation: string): string {
  const [method = "", what = ""] = operation.split(" ");
  const verb = method === "PUT" ? "Put" : method === "DELETE" ? "Delete" : "Get";
  if (what.startsWith("object")) return `s3:${verb}Object`;
  if (["HEAD bucket", "GET bucket?delimiter", "GET bucket?list-type"].includes(operation)) return "s3:ListBucket";
  if (operation === "PUT bucket") return "s3:CreateBucket";
  const name = SUBRESOURCES[what.replace("bucket?", "")];
  return name ? `s3:${verb}${name}` : `unknown: ${operation}`;
}
