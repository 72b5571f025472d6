/** Requests to a service of AWS itself, signed with the credentials and the role that the plugin has; no SDK client is loaded. */
import type { AwsSettings } from "./settings.js";

/** Credentials as the AWS SDK has them. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/** One request. */
export interface Request {
  /** The service as it is signed for, and the first part of its host. */
  service: string;
  /** True for a service of no region: it is signed for us-east-1. */
  global?: boolean | undefined;
  method: "GET" | "POST";
  path: string;
  query?: { [name: string]: string };
  headers?: { [name: string]: string };
  body?: string;
}

/** Of what is no region's own. */
const GLOBAL_REGION = "us-east-1";
/** Most time for an answer, ms. */
const PATIENCE_MS = 30_000;

/** What fetch takes to send it to AWS, or to the emulator of the settings; its time begins now. Rejects as `credentials` does. */
export async function signedRequest(
  settings: Pick<AwsSettings, "region" | "endpoint">,
  credentials: () => Promise<AwsCredentials>,
  { service, global, method, path, query = {}, headers: given = {}, body }: Request,
): Promise<[URL, RequestInit]> {
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([import("@smithy/signature-v4"), import("@smithy/core/checksum")]);
  const region = global ? GLOBAL_REGION : settings.region;
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const url = new URL(path, settings.endpoint || `https://${service}${global ? "" : `.${region}`}.${suffix}`);
  url.search = new URLSearchParams(query).toString();
  const { protocol, hostname, host } = url;
  const sent = { method, ...(body === undefined ? {} : { body }) };
  const signer = new SignatureV4({ service, region, credentials: await credentials(), sha256: Sha256 });
  const { headers } = await signer.sign({ ...sent, protocol, hostname, path, query, headers: { host, ...given } });
  return [url, { ...sent, headers, signal: AbortSignal.timeout(PATIENCE_MS) }];
}
