/** The plugin's diagnostics and broken connections as ProviderErrors and Diagnostics. */
import type { Diagnostic } from "../../base/diagnostics.js";
import { messageOf } from "../../base/errors.js";
import { type PropertySchema, ProviderError, type ProviderResult } from "../../model/index.js";
import { fromSteps } from "./bridge/paths.js";
import { EXPIRED } from "../../state/s3-errors.js";
import type { WireDiagnostic } from "./protocol/client.js";

const ERROR = 1;

/** Code by the words of AWS error codes and the provider's own texts; the first that matches wins. */
const CODES: readonly (readonly [string, RegExp])[] = [
  ["throttled", /\b(Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|SlowDown|ProvisionedThroughputExceeded\w*|rate exceeded)\b/i],
  ["expired", EXPIRED],
  [
    "denied",
    /\b(AccessDenied\w*|UnauthorizedOperation|UnauthorizedAccess|AuthorizationError\w*|InvalidClientTokenId|SignatureDoesNotMatch|AuthFailure|UnrecognizedClient\w*|not authorized to perform|StatusCode: 403)\b/i,
  ],
  [
    "conflict",
    /(AlreadyExists|AlreadyOwnedByYou|ResourceInUse|ResourceConflict|EntityAlreadyExists|ResourceExists|NameConflict|QueueNameExists|\.Duplicate\b|Duplicate\w*(Name|Exception|Rule|Fault)|already exists|already in use)/i,
  ],
  [
    "not-found",
    /(couldn't find resource|empty result|NotFound\b|NotFoundException|NotFoundFault|NoSuch(Entity|Bucket|Key|Hosted)\w*|NonExistentQueue|does not exist|no matching \S+|cannot import non-existent|your query returned no results|: not found$)/im,
  ],
];

/** What a person can't know from AWS's words, by them. */
const EXPLAINED: readonly (readonly [RegExp, string])[] = [
  [
    /Destination bucket must exist/i,
    "S3 copies only to a bucket that is there; one in another region of the stack is made by: panka deploy --region <its region>",
  ],
];

/** Words of a connection that broke while a call was out: nobody knows whether AWS acted. */
const BROKEN =
  /(connection reset|unexpected EOF|: EOF\b|i\/o timeout|TLS handshake timeout|broken pipe|request canceled|context deadline exceeded|timeout awaiting)/i;

/** Diagnostics with Pulumi paths. The provider's paragraphs are joined into one line. */
export function toDiagnostics(found: readonly WireDiagnostic[], properties: { [name: string]: PropertySchema } = {}): Diagnostic[] {
  return found.map((d) => {
    const path = d.attribute?.steps.length ? fromSteps(properties, d.attribute.steps) : "";
    const text = d.detail && d.detail !== d.summary ? `${d.summary}: ${d.detail}` : d.summary;
    const said = text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
    const explained = EXPLAINED.find(([words]) => words.test(said))?.[1];
    const message = explained === undefined ? said : `${said} (${explained})`;
    return {
      severity: d.severity === ERROR ? "error" : "warning",
      code: d.severity === ERROR ? codeOf(text) : "provider-warning",
      message,
      ...(path ? { path } : {}),
    };
  });
}

/** True if an error is among them. */
export function failed(found: readonly WireDiagnostic[]): boolean {
  return found.some((d) => d.severity === ERROR);
}

/** The stable code of an error text: `conflict`, `not-found`, `expired`, `denied`, `throttled`, `failed`. */
export function codeOf(text: string): string {
  return CODES.find(([, words]) => words.test(text))?.[0] ?? "failed";
}

/**
 * A failed call.
 * @param changes true if the call could have changed something
 */
export function callFailed(
  found: readonly WireDiagnostic[],
  properties: { [name: string]: PropertySchema },
  more: { changes?: boolean; partial?: ProviderResult } = {},
): ProviderError {
  const diagnostics = toDiagnostics(found, properties);
  const errors = diagnostics.filter((d) => d.severity === "error");
  const message = errors.map((d) => (d.path ? `${d.path}: ${d.message}` : d.message)).join("; ");
  const broken = more.changes === true && BROKEN.test(message);
  return new ProviderError(errors[0]?.code ?? "failed", message, {
    diagnostics,
    ...(more.partial ? { partial: more.partial } : { outcome: broken ? ("unknown" as const) : ("none" as const) }),
  });
}

/** Inputs that can't be sent. */
export function invalidInputs(type: string, problems: Diagnostic[]): ProviderError {
  return new ProviderError("invalid", `${type}: ${problems.map((p) => p.message).join("; ")}`, { diagnostics: problems });
}

/** A call that got no answer: the plugin's process is gone, or the connection to it. */
export function noAnswer(error: unknown, how: string | undefined, changes: boolean): ProviderError {
  const text = how === undefined ? messageOf(error) : `the provider plugin ${how}`;
  return new ProviderError("died", `no answer from the provider plugin: ${text}`, { outcome: changes ? "unknown" : "none", cause: error });
}
