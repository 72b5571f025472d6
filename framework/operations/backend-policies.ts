/** Least-privilege IAM policies for those who work with a back end. They cover state and locks; what a stack deploys needs its own. */

/**
 * Who may do what: a deployer runs deploy and destroy, and writes no approvals; an approver approves saved plans; a reader looks; an operator
 * also frees locks and makes or checks the back end.
 */
export type BackendRole = "deployer" | "approver" | "reader" | "operator";

/** The names that the policies are about. */
export interface PolicyPlace {
  account: string;
  region: string;
  bucket: string;
  /** Prefix in the bucket, without slashes at its ends. */
  prefix?: string;
  table: string;
  keyAlias: string | undefined;
}

/** One statement of a policy. */
export type Statement = { Sid: string; Effect: "Allow" | "Deny"; Action: string[]; Resource: string | string[]; Condition?: unknown };

/** An IAM policy document for a role. */
export function backendPolicy(role: BackendRole, place: PolicyPlace): { Version: string; Statement: Statement[] } {
  const objects = `arn:aws:s3:::${place.bucket}/${place.prefix ? `${place.prefix}/` : ""}*`;
  const bucket = `arn:aws:s3:::${place.bucket}`;
  const table = `arn:aws:dynamodb:${place.region}:${place.account}:table/${place.table}`;
  const writes = role === "deployer" || role === "operator";
  const approvals = { Action: ["s3:PutObject"], Resource: `${objects}/approvals/*` };
  const statements: Statement[] = [
    { Sid: "ReadState", Effect: "Allow", Action: ["s3:GetObject"], Resource: objects },
    { Sid: "ListState", Effect: "Allow", Action: ["s3:ListBucket"], Resource: bucket },
    { Sid: "ReadLocks", Effect: "Allow", Action: ["dynamodb:GetItem"], Resource: table },
  ];
  if (writes) {
    statements.push(
      { Sid: "WriteState", Effect: "Allow", Action: ["s3:DeleteObject", "s3:PutObject"], Resource: objects },
      {
        Sid: "TakeLocks",
        Effect: "Allow",
        Action: ["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        Resource: table,
      },
    );
  }
  if (role === "approver") statements.push({ Sid: "Approve", Effect: "Allow", ...approvals });
  if (role === "deployer") statements.push({ Sid: "OthersApprove", Effect: "Deny", ...approvals });
  if (place.keyAlias) {
    statements.push({
      Sid: "SecretValues",
      Effect: "Allow",
      Action: role !== "reader" ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"],
      Resource: `arn:aws:kms:${place.region}:${place.account}:key/*`,
      Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": place.keyAlias } },
    });
  }
  if (role === "operator") statements.push(...operatorStatements(bucket, table, place));
  return { Version: "2012-10-17", Statement: statements };
}

function operatorStatements(bucket: string, table: string, place: PolicyPlace): Statement[] {
  const settings = ["BucketVersioning", "EncryptionConfiguration", "BucketPublicAccessBlock", "LifecycleConfiguration"];
  return [
    {
      Sid: "MakeBucket",
      Effect: "Allow",
      Action: ["s3:CreateBucket", ...settings.flatMap((s) => [`s3:Get${s}`, `s3:Put${s}`])],
      Resource: bucket,
    },
    {
      Sid: "MakeTable",
      Effect: "Allow",
      Action: [
        "CreateTable",
        "DescribeContinuousBackups",
        "DescribeTable",
        "DescribeTimeToLive",
        "TagResource",
        "UpdateContinuousBackups",
        "UpdateTimeToLive",
      ].map((a) => `dynamodb:${a}`),
      Resource: table,
    },
    ...(place.keyAlias
      ? [
          {
            Sid: "MakeKey",
            Effect: "Allow" as const,
            Action: ["kms:CreateAlias", "kms:CreateKey", "kms:DescribeKey", "kms:EnableKeyRotation", "kms:TagResource"],
            Resource: "*",
          },
        ]
      : []),
  ];
}
