/** Calls of services that speak JSON (Amazon ECS, CloudWatch), for which no SDK client is loaded: a signed POST. */
import type { Json } from "../../base/json.js";
import { messageOf } from "../../base/errors.js";
import type { AwsSettings } from "./settings.js";
import { type AwsCredentials, signedRequest } from "./signed-request.js";

/** Calls an operation: `ecs`, `AmazonEC2ContainerServiceV20141113.RunTask`, its input. Throws {@link CallError}. */
export type Call = (service: string, target: string, input: { [key: string]: Json }) => Promise<{ [key: string]: Json }>;

/** A call that failed. */
export class CallError extends Error {
  /** @param code the service's own (`ClusterNotFoundException`); "" where it did not answer */
  constructor(
    readonly code: string,
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
    this.name = "CallError";
  }
}

/** Services that speak JSON 1.0; the others speak 1.1 ("protocol" in their API models). */
const JSON_1_0: readonly string[] = ["monitoring"];

/** Calls of AWS, or of the emulator of the settings. `credentials`: asked for at each call. `send`: the fetch, or one that knows a proxy. */
export function signedCall(
  settings: Pick<AwsSettings, "region" | "endpoint">,
  credentials: () => Promise<AwsCredentials>,
  send: typeof fetch = fetch,
): Call {
  return async (service, target, input) => {
    const type = `application/x-amz-json-${JSON_1_0.includes(service) ? "1.0" : "1.1"}`;
    const headers = { "content-type": type, "x-amz-target": target };
    const request = { service, method: "POST", path: "/", headers, body: JSON.stringify(input) } as const;
    const { ok, status, text } = await answered(signedRequest(settings, credentials, request), send).catch((cause) => {
      throw new CallError("", `${service} can't be reached: ${messageOf(cause)}`, { cause });
    });
    const parsed = parse(text);
    if (ok) return parsed;
    const code =
      String(parsed["__type"] ?? "")
        .split("#")
        .pop() ?? "";
    throw new CallError(code, `${code || status}: ${String(parsed["message"] ?? parsed["Message"] ?? text.slice(0, 300))}`);
  };
}

async function answered(request: ReturnType<typeof signedRequest>, send: typeof fetch) {
  const answer = await send(...(await request));
  return { ok: answer.ok, status: answer.status, text: await answer.text() };
}

function parse(text: string): { [key: string]: Json } {
  try {
    return JSON.parse(text) as { [key: string]: Json };
  } catch {
    return {};
  }
}
