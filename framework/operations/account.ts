/** Which cloud account the credentials are of. */
import { messageOf, PankaError } from "../base/errors.js";
import { type AwsReach, clientOptions } from "../model/client-options.js";
import type { Settings } from "./context.js";

/** How what a stack deploys is reached: in its role, where it names one. */
export interface StackReach extends AwsReach {
  assumeRoleArn?: string;
}

/** What all clients of a run have in common. */
export function reachOf({ aws }: Pick<Settings, "aws">) {
  return { endpoint: aws.endpoint, profile: aws.profile, proxy: aws.proxy };
}

/** The account id (12 digits). Throws PankaError `no-credentials` when AWS does not know the caller. */
export async function callerAccount(reach: AwsReach): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient({ ...(await clientOptions(reach)), maxAttempts: 3 });
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Account ?? "";
  } catch (error) {
    throw new PankaError("no-credentials", `AWS does not accept the credentials found here: ${messageOf(error)}`, {
      next: "set AWS_PROFILE, or log in (aws sso login), then panka doctor",
      cause: error,
    });
  } finally {
    client.destroy();
  }
}

/** Credentials of a role, for an hour. Throws what the SDK throws where it may not be assumed. */
export async function assumedRole(
  reach: AwsReach,
  roleArn: string,
): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string }> {
  const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(await clientOptions(reach));
  try {
    const { Credentials: made } = await client.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "panka" }));
    return { accessKeyId: made?.AccessKeyId ?? "", secretAccessKey: made?.SecretAccessKey ?? "", sessionToken: made?.SessionToken ?? "" };
  } finally {
    client.destroy();
  }
}

/** Credentials as the SDK finds them for the profile, or of the stack's role. Throws what the SDK throws where there are none. */
export async function callerCredentials(
  reach: StackReach,
): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }> {
  if (reach.assumeRoleArn) return assumedRole(reach, reach.assumeRoleArn);
  const { STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(await clientOptions(reach));
  try {
    return await client.config.credentials();
  } finally {
    client.destroy();
  }
}
