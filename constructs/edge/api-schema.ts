/** The schema of APIGateway. */
import { z } from "zod";
import { bool, decimal, group, int, listOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import { commonFields } from "../base/common.js";
import { MAX_AGE } from "./api-cors.js";
import { wafField } from "./waf.js";

/** Methods of a route. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"] as const;

/** A domain name. */
const DOMAIN = {
  pattern: /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i,
  expected: "a domain such as api.example.com",
};

/** A custom domain: `domain` of what faces users. */
export const customDomain = group(
  {
    name: plainText("The domain, such as api.example.com.", DOMAIN),
    certificateArn: text("A certificate for it; without one a certificate is made and proved by a record in the zone.").optional(),
    zoneId: text("The Route 53 zone in which the name is made; without one no record is made.").optional(),
  },
  "A domain of its own.",
);

/** Spec of APIGateway. */
export const apiSchema = z.strictObject({
  type: oneOf(["http", "rest", "websocket"], "http: cheaper and faster; rest: with AWS WAF; websocket: connections that stay open.", {
    default: "http",
  }).optional(),
  routes: listOf(
    group(
      {
        path: plainText(
          "Path, such as /users/{id} or /{proxy+}; with type http also `$default`: whatever no other route takes; with type websocket `$connect`, `$disconnect`, `$default` or a value of the messages' field `action`.",
          {
            pattern: /^(\/\S*|\$?[\w-]+)$/,
            expected: "a path that begins with /, or $default; of a websocket API a word",
          },
        ),
        method: oneOf(METHODS, "HTTP method.", { default: "ANY" }).optional(),
        component: plainText(
          "Who answers: a Lambda, a service behind a load balancer, an ALB, an NLB; or an SQS, into which the request's body is put.",
        ),
        auth: plainText("Who may call: `none` (everyone), `iam` (signed requests), or the name of an authorizer.", {
          default: "none",
        }).optional(),
      },
      "One route.",
    ),
    "Routes.",
  ),
  cors: group(
    {
      allowedOrigins: listOf(plainText("An origin, such as https://example.com, or `*`."), "Sites whose pages may call.").min(1),
      allowedMethods: listOf(oneOf([...METHODS, "*"], "A method."), "Methods.", { default: "*" }).optional(),
      allowedHeaders: listOf(plainText("A header."), "Headers that may be sent.", { default: "content-type, authorization" }).optional(),
      exposeHeaders: listOf(plainText("A header."), "Headers that the page may read.").optional(),
      allowCredentials: bool("Whether cookies may be sent.", { default: false }).optional(),
      maxAgeSeconds: int("How long browsers may keep the answer.", 0, 86_400, { unit: "seconds", default: MAX_AGE }).optional(),
    },
    "Calls from pages of other sites; not with type websocket. A rest API answers what browsers ask before a call; the answers themselves must have Access-Control-Allow-Origin from the component.",
  ).optional(),
  domain: customDomain.optional(),
  authorizers: listOf(
    group(
      {
        name: plainText("Its name, for routes[].auth.", {
          pattern: /^(?!(?:none|iam)$)[A-Za-z0-9][\w-]{0,127}$/,
          expected: "letters, digits, _ and -; not none or iam",
        }),
        type: oneOf(
          ["jwt", "lambda"],
          "jwt: a token's signature, issuer and audience are checked (type http only); lambda: a function decides, of a websocket API about who may connect.",
        ),
        issuer: text("jwt: who signs, such as https://login.example.com.").optional(),
        audience: listOf(text("An audience."), "jwt: audiences of which the token must name one.").optional(),
        component: plainText("lambda: the function.").optional(),
        header: plainText("Header that holds the token.", {
          pattern: /^[A-Za-z0-9-]+$/,
          expected: "a header's name",
          default: "Authorization",
        }).optional(),
        query: plainText("Query parameter that holds the token, instead of a header: what a browser can send when it opens a websocket.", {
          pattern: /^[A-Za-z0-9_-]+$/,
          expected: "a parameter's name",
        }).optional(),
        cacheSeconds: int("lambda: how long its answer is kept.", 0, 3600, { unit: "seconds", default: 300 }).optional(),
      },
      "One authorizer.",
    ),
    "Who decides about callers.",
  ).optional(),
  throttle: group(
    {
      rate: decimal("Requests a second, on average.", 1, 10_000, { unit: "requests per second" }),
      burst: int("Requests at once.", 1, 5000, { unit: "requests" }),
    },
    "Most requests that are let through; others get 429.",
  ).optional(),
  waf: wafField,
  accessLogs: bool(
    "Whether each request is written to a log group; with types rest and websocket by the CloudWatch role that API Gateway has in its settings of the account and region.",
    { default: false },
  ).optional(),
  ...commonFields,
});
