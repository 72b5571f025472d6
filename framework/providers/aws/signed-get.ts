/** Questions that the plugin has no data source for, put to a service itself: a GET, signed with the credentials and the role that the plugin has. */
import { messageOf } from "../../base/errors.js";
import { ProviderError } from "../../model/index.js";
import type { AwsSettings } from "./settings.js";

/** One question. */
export interface Question {
  /** The service as it is signed for, and the first part of its host. */
  service: string;
  /** True for a service of no region: it is signed for us-east-1. */
  global?: boolean;
  path: string;
  query: { [name: string]: string };
}

/** Puts it. Resolves to the answer's text, or undefined where there is no such thing. Throws ProviderError. */
export type Ask = (question: Question) => Promise<string | undefined>;

/** Credentials as the AWS SDK has them. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/** Of what is no region's own. */
const GLOBAL_REGION = "us-east-1";
/** Most time for an answer, ms. */
const PATIENCE_MS = 30_000;

/** Asks AWS, or the emulator of the settings. `credentials`: asked for at each question, so that none is too old. `send`: the fetch, or one that knows a proxy. */
export function signedGet(
  settings: Pick<AwsSettings, "region" | "endpoint">,
  credentials: () => Promise<AwsCredentials>,
  send: typeof fetch = fetch,
): Ask {
  return async ({ service, global, path, query }) => {
    const [{ SignatureV4 }, { Sha256 }] = await Promise.all([import("@smithy/signature-v4"), import("@smithy/core/checksum")]);
    const region = global ? GLOBAL_REGION : settings.region;
    const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    const base = new URL(settings.endpoint || `https://${service}${global ? "" : `.${region}`}.${suffix}`);
    try {
      const signer = new SignatureV4({ service, region, credentials: await credentials(), sha256: Sha256 });
      const { protocol, hostname, host } = base;
      const { headers } = await signer.sign({ method: "GET", protocol, hostname, path, query, headers: { host } });
      const url = new URL(path, base);
      url.search = new URLSearchParams(query).toString();
      const answer = await send(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
      const text = await answer.text();
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw new Error(`${answer.status} ${text.slice(0, 300)}`);
      return text;
    } catch (error) {
      throw new ProviderError("failed", `${service} did not answer GET ${path}: ${messageOf(error)}`);
    }
  };
}
