/** `smokeTests[]`: what must hold after a deployment, or it is rolled back. */
import { group, int, listOf, mapOf, oneOf, plainText } from "../../framework/model/fields.js";
import { SMOKE_INTERVAL_SECONDS, SMOKE_RETRIES, SMOKE_TIMEOUT_SECONDS } from "../../framework/model/smoke-test.js";

const http = group(
  {
    path: plainText("Path below the component's URL, or a whole URL.", {
      pattern: /^(\/|https?:\/\/[^\s/]+)\S*$/,
      expected: "a path such as /health, or a URL such as https://example.com/health",
    }),
    method: oneOf(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], "Method.", { default: "GET" }).optional(),
    status: int("The status that it must answer with; redirects are not followed.", 100, 599, { default: 200 }).optional(),
    bodyContains: plainText("Text that the answer must hold, within its first MiB.", { min: 1 }).optional(),
    headers: mapOf(
      plainText("The value: plain text, not for secrets.", { pattern: /^[\t\x20-\x7e]*$/, expected: "one line of ASCII" }),
      "Headers to send; their values are never printed.",
    ).optional(),
    timeoutSeconds: int("Longest wait for the answer.", 1, 120, { unit: "seconds", default: SMOKE_TIMEOUT_SECONDS }).optional(),
  },
  "A request, sent from where Panka runs, and the answer that it must get.",
);

const fields = {
  name: plainText("Its name, for messages.", { default: "the path or the command", min: 1 }).optional(),
  http: http.optional(),
  command: listOf(
    plainText("A word."),
    "A command that must end with 0, in a one-off task of the component. It replaces the image's command; its entry point stays.",
  ).optional(),
  retries: int("How often it is tried again after a failure.", 0, 100, { default: SMOKE_RETRIES }).optional(),
  intervalSeconds: int("Time between two tries.", 1, 600, { unit: "seconds", default: SMOKE_INTERVAL_SECONDS }).optional(),
};

/** Of a component. */
export const smokeTests = listOf(
  group(fields, "One test: `http` or `command`."),
  "What must hold after a deployment; where it does not, the deployment is rolled back.",
);

/** Of a service or a stack: each names the component that it is about, if any. */
export const sharedSmokeTests = listOf(
  group(
    {
      ...fields,
      component: plainText(
        "The component whose URL the path is below, or in whose task the command runs; not with a whole URL.",
      ).optional(),
    },
    "One test: `http` or `command`.",
  ),
  "What must hold when all of it is deployed; where it does not, the deployment is rolled back.",
);
