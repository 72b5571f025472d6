/** Questions that the plugin has no data source for, put to a service itself: a GET, signed with the credentials and the role that the plugin has. */
import { messageOf } from "../../base/errors.js";
import { ProviderError } from "../../model/index.js";
import type { AwsSettings } from "./settings.js";
import { type AwsCredentials, type Request, signedRequest } from "./signed-request.js";

/** One question. */
export type Question = Required<Pick<Request, "service" | "path" | "query">> & Pick<Request, "global">;

/** Puts it. Resolves to the answer's text, or undefined where there is no such thing. Throws ProviderError. */
export type Ask = (question: Question) => Promise<string | undefined>;

/** Asks AWS, or the emulator of the settings. `credentials`: asked for at each question, so that none is too old. `send`: the fetch, or one that knows a proxy. */
export function signedGet(
  settings: Pick<AwsSettings, "region" | "endpoint">,
  credentials: () => Promise<AwsCredentials>,
  send: typeof fetch = fetch,
): Ask {
  return async (question) => {
    const { service, path } = question;
    try {
      const answer = await send(...(await signedRequest(settings, credentials, { ...question, method: "GET" })));
      const text = await answer.text();
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw new Error(`${answer.status} ${text.slice(0, 300)}`);
      return text;
    } catch (error) {
      throw new ProviderError("failed", `${service} did not answer GET ${path}: ${messageOf(error)}`);
    }
  };
}
