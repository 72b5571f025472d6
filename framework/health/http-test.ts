/** One request of a smoke test: is the answer what it must be? */
import { messageOf } from "../base/errors.js";
import type { HttpTest } from "../model/smoke-test.js";

/** How much of an answer is read, bytes. */
const MOST = 1_048_576;

/** A test whose URL is known. */
export type KnownHttpTest = Omit<HttpTest, "url" | "path"> & { url: string };

/**
 * Asks once. Undefined where the answer is as it must be, else what came instead, in words that hold no header value.
 * `send`: the fetch, or one that knows a proxy. Rejects only where `signal` fires.
 */
export async function askOnce(test: KnownHttpTest, send: typeof fetch, signal: AbortSignal): Promise<string | undefined> {
  const { method, headers, timeoutSeconds } = test;
  const late = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    const answer = await send(test.url, {
      method,
      redirect: "manual",
      signal: AbortSignal.any([late, signal]),
      ...(headers ? { headers } : {}),
    });
    return await wrongWith(answer, test);
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) return `gave no answer within ${timeoutSeconds} s`;
    return `could not be reached: ${hidden(reasonOf(error), headers)}`;
  }
}

async function wrongWith(answer: Response, { status, bodyContains }: KnownHttpTest): Promise<string | undefined> {
  if (answer.status !== status) {
    await answer.body?.cancel();
    return `answered ${answer.status}, expected ${status}`;
  }
  if (bodyContains === undefined) {
    await answer.body?.cancel();
    return undefined;
  }
  const text = await textOf(answer);
  return text.includes(bodyContains) ? undefined : `answered ${status}, but without the text ${JSON.stringify(bodyContains)}`;
}

/** The text of an answer, as far as it is read. */
async function textOf(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = answer.body?.getReader();
  while (reader && size < MOST) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
  }
  await reader?.cancel();
  return Buffer.concat(parts).toString("utf8");
}

/** Of fetch's "fetch failed" the cause, which may be several: one for each address that was tried. */
function reasonOf(error: unknown): string {
  const cause = (error as { cause?: unknown }).cause ?? error;
  const [first] = (cause as { errors?: unknown[] }).errors ?? [cause];
  return messageOf(first) || String((cause as { code?: unknown }).code ?? "no reason was given");
}

function hidden(text: string, headers: { [name: string]: string } = {}): string {
  return Object.values(headers)
    .filter((value) => value !== "")
    .reduce((shown, value) => shown.split(value).join("[header]"), text);
}
