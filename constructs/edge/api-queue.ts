/** Routes of an API that put requests into queues: API Gateway calls SQS itself, no function stands between. */
import type { ExpandContext, QueueBackend, Value } from "../../framework/model/index.js";
import { workloadRole } from "../compute/roles.js";
import type { OpenForm, OpenRoute } from "./openapi.js";

/** Methods whose requests have a body, which is the message. */
const WITH_BODY = ["POST", "PUT", "PATCH"];

/** What every route to a queue of an API shares. */
export interface Sender {
  /** ARN of the role as which the API sends. */
  credentials: Value;
  /** URN of the role's policy. */
  ready: readonly string[];
  region: Value;
  accountId: Value;
  /** Group of its messages in a fifo queue: one, so that they stay in order. */
  group: string;
}

/** Reports a route that can't send. `path`: where it stands in the props. */
export function checkQueueRoute(ctx: ExpandContext, route: Pick<OpenRoute, "path" | "method">, path: string): void {
  if (!WITH_BODY.includes(route.method))
    ctx.error("queue-method", "a message is the body of a request, and not every method has one", `${path}.method`, {
      expected: WITH_BODY.join(", "),
    });
  if (route.path === "$default")
    ctx.error("queue-default", "what no other route takes can't be told by its method", `${path}.path`, {
      expected: "a path such as /orders",
    });
}

/** Declares the role as which the API sends to the queues of these routes and to no other; roles `send-role`, `send-policy`. */
export function queueSender(ctx: ExpandContext, routes: readonly OpenRoute[]): Sender | undefined {
  const backends = new Set(routes.map((r) => r.backend));
  const grants = ctx.targets.flatMap(({ address, bindings }) => {
    const backend = bindings?.backend;
    if (!backend || !("queue" in backend) || !backends.has(backend)) return [];
    ctx.granted(backend.queue.send, address);
    return [...backend.queue.send];
  });
  if (grants.length === 0) return undefined;
  const role = workloadRole(ctx, "send-role", "apigateway.amazonaws.com", grants);
  const { regionValue: region, accountId } = ctx;
  return { credentials: role.arn, ready: role.ready, region, accountId, group: `${ctx.service}-${ctx.component}` };
}

/** The integration of a route that sends. */
export function queueIntegration(form: OpenForm, queue: QueueBackend, sender: Sender): Value {
  return form === "http" ? firstClass(queue, sender) : byQueryProtocol(queue, sender);
}

/** API Gateway Developer Guide, "Integration subtype reference": SQS-SendMessage 1.0. A fifo queue tells duplicates by the request's id. */
function firstClass({ url, fifo }: QueueBackend, { credentials, group }: Sender): Value {
  return {
    type: "aws_proxy",
    integrationSubtype: "SQS-SendMessage",
    connectionType: "INTERNET",
    payloadFormatVersion: "1.0",
    credentials,
    requestParameters: {
      QueueUrl: url,
      MessageBody: "$request.body",
      ...(fifo ? { MessageGroupId: group } : {}),
      ...(fifo && !fifo.byContent ? { MessageDeduplicationId: "$context.requestId" } : {}),
    },
  };
}

/** A rest API speaks the query protocol of SQS: a form, made of the JSON that came. Others than JSON it refuses (415). */
function byQueryProtocol({ name, fifo }: QueueBackend, { credentials, region, accountId, group }: Sender): Value {
  const form = [
    "Action=SendMessage",
    "MessageBody=$util.urlEncode($input.body)",
    ...(fifo ? [`MessageGroupId=${group}`] : []),
    ...(fifo && !fifo.byContent ? ["MessageDeduplicationId=$context.requestId"] : []),
  ];
  return {
    type: "aws",
    httpMethod: "POST",
    uri: { $text: ["arn:aws:apigateway:", region, ":sqs:path/", accountId, "/", name] },
    credentials,
    passthroughBehavior: "never",
    requestParameters: { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" },
    requestTemplates: { "application/json": form.join("&") },
    responses: {
      "2\\d{2}": { statusCode: "200", responseTemplates: { "application/json": '{"requestId":"$context.requestId"}' } },
      default: { statusCode: "502", responseTemplates: { "application/json": '{"message":"Bad Gateway"}' } },
    },
  };
}

/** Answers of a rest API's route to a queue, which it must have declared. */
export const QUEUE_ANSWERS: Value = {
  "200": { description: "The message was put into the queue." },
  "502": { description: "The queue did not take the message." },
};
