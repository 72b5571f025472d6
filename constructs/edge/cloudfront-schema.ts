/** The fields of a distribution. */
import { z } from "zod";
import { bool, group, int, listOf, mapOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import { commonFields } from "../base/common.js";

const METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"] as const;

const behaviorFields = {
  origin: plainText("Id of the origin that answers."),
  methods: listOf(oneOf(METHODS, "A method."), "Methods that get through: GET and HEAD, these and OPTIONS, or all seven.", {
    default: "GET and HEAD for a bucket, else all",
  }).optional(),
  cache: oneOf(["static", "off"], "static: by the path, a day unless the origin says otherwise.", {
    default: "static for a bucket, else off",
  }).optional(),
  cachePolicy: plainText("Id of a cache policy of your own, instead of cache.").optional(),
  compress: bool("Compresses text on the way.", { default: true }).optional(),
  securityHeaders: bool("Adds the usual security headers (HSTS and others).", { default: true }).optional(),
};

const origin = group(
  {
    id: plainText("Its name here.", { min: 1, max: 128 }),
    component: plainText(
      "An S3 bucket, a service behind a public load balancer, an ALB, an NLB, an APIGateway, or a Lambda with url.",
    ).optional(),
    domainName: text("Host name of something else, instead.").optional(),
    path: plainText("What is put before the request's path.", { pattern: /^\/.*[^/]$/, expected: "a path such as /site" }).optional(),
    protocol: oneOf(["https", "http"], "How a host that is no bucket is asked.", {
      default: "https, for a component as it is reached",
    }).optional(),
    headers: mapOf(text("The value."), "Headers that the origin gets, for instance so that it refuses other callers.").optional(),
  },
  "Where content comes from.",
);

/** Spec of the kind CloudFront. */
export const cloudFrontSchema = () =>
  z.strictObject({
    origins: listOf(origin, "Where content comes from."),
    defaultBehavior: group(behaviorFields, "What is done with requests that no other behavior is for."),
    behaviors: listOf(
      group(
        {
          path: plainText("Paths that it is for, such as /api/*.", { pattern: /^[/*]/, expected: "a path such as /api/*" }),
          ...behaviorFields,
        },
        "What is done with some paths.",
      ),
      "Behaviors, the first that fits decides.",
    ).optional(),
    aliases: listOf(
      plainText("A host name.", {
        pattern: /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/,
        expected: "a host name such as www.example.com",
      }),
      "Host names of its own.",
    ).optional(),
    zoneId: text("Id of the Route 53 zone that gets the records of aliases, and proves the certificate.").optional(),
    certificateArn: text("Certificate of the aliases, in us-east-1.", {
      default: "one is made, with a zoneId, in a stack in us-east-1",
    }).optional(),
    priceClass: oneOf(["100", "200", "all"], "Where it answers from: 100 is North America and Europe, 200 also Asia and Africa.", {
      default: "all",
    }).optional(),
    waf: text("ARN of a web ACL (AWS WAF, scope CLOUDFRONT) that requests must pass.").optional(),
    spa: bool("A single-page application: paths that the bucket has not get index.html.", { default: false }).optional(),
    index: plainText("What is answered at /.", { default: "index.html where the default origin is a bucket" }).optional(),
    logging: group(
      {
        bucket: text("An S3 component with bucket.acl log-delivery-write, or the name of such a bucket."),
        prefix: plainText("What their keys begin with.").optional(),
        cookies: bool("Cookies, too.", { default: false }).optional(),
      },
      "Logs of requests.",
    ).optional(),
    countries: group(
      {
        only: listOf(plainText("Two letters.", { pattern: /^[A-Z]{2}$/, expected: "a country code such as DE" }), "Only these.").optional(),
        never: listOf(
          plainText("Two letters.", { pattern: /^[A-Z]{2}$/, expected: "a country code such as DE" }),
          "All but these.",
        ).optional(),
      },
      "Where requests may come from.",
    ).optional(),
    errorCacheSeconds: int("How long an error of the origin is remembered.", 0, 31_536_000, { unit: "seconds", default: 10 }).optional(),
    ...commonFields,
  });
