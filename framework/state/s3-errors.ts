/** What a failed S3 call means for the caller. */
import type { StoreFailure } from "../model/state-store.js";

/** The parts of an SDK error that count. */
export interface SdkFailure {
  name?: string;
  message?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

/** Credentials that were good and no longer are, in names and texts of errors. Source: AWS "Common errors"; texts of the SDK's STS and SSO providers. */
export const EXPIRED = /\b(ExpiredToken\w*|RequestExpired|TokenRefreshRequired|token (?:included in the request )?(?:is|has) expired)\b/i;
/** Other errors of credentials, whatever their status. */
const DENIED = /^(AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|CredentialsProviderError|KMS\..*|AccountProblem)/;
/** The request never reached the service. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * The kind of failure. Credentials expired, 412 refused, 409 conflict, 404 missing, 403 and credentials denied, 429 and SlowDown throttled.
 * Anything else (500, 503, timeouts, resets): a read did nothing, so `unavailable`; a write may have happened, so `unknown`.
 */
export function classify(error: SdkFailure, write: boolean): StoreFailure {
  const status = error.$metadata?.httpStatusCode ?? 0;
  const name = error.name ?? "";
  if (EXPIRED.test(name) || EXPIRED.test(error.message ?? "")) return "expired";
  if (DENIED.test(name)) return "denied";
  if (NEVER_SENT.has(error.code ?? "")) return "unavailable";
  if (name === "SlowDown" || name === "ThrottlingException" || status === 429) return "throttled";
  if (status === 412) return "refused";
  if (status === 409) return "conflict";
  if (status === 404) return "missing";
  if (status === 401 || status === 403) return "denied";
  return write ? "unknown" : "unavailable";
}
