/** What a document says twice, or says and leaves empty, is refused: nothing is accepted and ignored. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { synthYaml } from "../support/synth.js";
import { component, stackWith } from "../support/yaml-stack.js";

/** Errors of component `c`, from reading to synth: `path code`. */
async function errors(kind: string, spec: string): Promise<string[]> {
  const beside = [
    component("SQS", "q"),
    component("Alarm", "a", "{ threshold: 1, component: q }"),
    component("S3", "b"),
    component("Lambda", "f", `{ ${CODE} }`),
  ];
  const { diagnostics } = await synthYaml(stackWith(component(kind, "c", spec), ...beside));
  const found = diagnostics.filter((d) => d.severity === "error");
  for (const d of found) assert.ok(d.file && d.line && d.column, `${d.code} says where`);
  return found.map((d) => `${(d.path ?? "").replace("svc/c.spec.", "")} ${d.code}`);
}

const CODE = "runtime: nodejs20.x, handler: a.b, code: { zipFile: x }";
const trigger = (text: string): string => `{ ${CODE}, triggers: [ ${text} ] }`;
const KEY = "billingMode: PAY_PER_REQUEST, hashKey: { name: a, type: S }";
const index = (text: string): string => `{ ${KEY}, globalSecondaryIndexes: [ { name: i, hashKey: { name: b, type: S }, ${text} } ] }`;
const api = (text: string): string => `{ routes: [ { path: /a, component: f, auth: j } ], authorizers: [ { name: j, ${text} } ] }`;

for (const [what, kind, spec, expected] of [
  [
    "a variable by two secrets",
    "Worker",
    "{ image: a:1, secrets: [ { name: A, secretRef: s }, { name: B, envVar: A, secretRef: t } ] }",
    "secrets[1] variable-twice",
  ],
  [
    "a variable by two secrets of a sidecar",
    "Worker",
    "{ image: a:1, sidecars: { p: { image: b:1, secrets: [ { name: A, secretRef: s }, { name: B, envVar: A, secretRef: t } ] } } }",
    "sidecars.p.secrets[1] variable-twice",
  ],
  ["a secret without a name", "Worker", '{ image: a:1, secrets: [ { name: "", secretRef: s } ] }', "secrets[0].name out-of-range"],
  ["a secret that names none", "Worker", '{ image: a:1, secrets: [ { name: A, secretRef: "" } ] }', "secrets[0].secretRef no-secret"],
  ["an image without a name", "Worker", '{ image: "" }', "image no-image"],
  [
    "a permission of nothing",
    "Worker",
    "{ image: a:1, permissions: [ { actions: [], resources: [ '*' ] } ] }",
    "permissions[0].actions out-of-range",
  ],
  ["a port twice", "MicroService", "{ image: a:1, ports: [ { name: a, port: 80 }, { name: b, port: 80 } ] }", "ports[1] port-taken"],
  ["bounds that cross", "Worker", "{ image: a:1, scaling: { minReplicas: 5, maxReplicas: 2 } }", "scaling.maxReplicas scaling-bounds"],
  [
    "an alarm without a name",
    "Worker",
    '{ image: a:1, deployment: { rollback: { alarms: [ "" ] } } }',
    "deployment.rollback.alarms[0] no-alarm",
  ],
  [
    "variables of a component that has none to give",
    "Worker",
    "{ image: a:1, environment: [ { name: A, valueFrom: { component: a } } ] }",
    "environment.A gives-no-variables",
  ],
  [
    "the source of a trigger",
    "Lambda",
    trigger("{ type: sqs, source: { component: q, arn: 'arn:aws:sqs:us-east-1:1:q' } }"),
    "triggers[0].source trigger-source",
  ],
  [
    "the bucket of a trigger",
    "Lambda",
    trigger("{ type: s3, s3: { bucket: b }, source: { component: b } }"),
    "triggers[0].source trigger-source",
  ],
  ["a trigger for no events", "Lambda", trigger("{ type: s3, s3: { bucket: b, events: [] } }"), "triggers[0].s3.events out-of-range"],
  [
    "a route",
    "Lambda",
    trigger("{ type: apigateway, http: { path: /a } }, { type: apigateway, http: { path: /a } }"),
    "triggers[1] duplicate-trigger",
  ],
  [
    "the handler of an image",
    "Lambda",
    "{ handler: a.b, code: { imageUri: '1.dkr.ecr.us-east-1.amazonaws.com/a:1' } }",
    "handler image-field",
  ],
  ["a network that is off", "Lambda", `{ ${CODE}, vpc: { enabled: false, subnetIds: [ subnet-1 ] } }`, "vpc.subnetIds not-in-vpc"],
  [
    "attributes for a whole projection",
    "DynamoDB",
    index("projection: ALL, nonKeyAttributes: [ z ]"),
    "globalSecondaryIndexes[0] projection",
  ],
  ["a projection of no attributes", "DynamoDB", index("projection: INCLUDE"), "globalSecondaryIndexes[0] projection"],
  [
    "a function for a token",
    "APIGateway",
    api("type: jwt, issuer: 'https://x.com', audience: [ a ], component: f"),
    "authorizers[0].component authorizer-field",
  ],
  [
    "no countries",
    "CloudFront",
    "{ origins: [ { id: a, domainName: x.com } ], defaultBehavior: { origin: a }, countries: {} }",
    "countries countries",
  ],
  [
    "an empty endpoint",
    "SNS",
    '{ subscriptions: [ { protocol: https, endpoint: "" } ] }',
    "subscriptions[0].endpoint subscription-endpoint",
  ],
  ["no origins", "S3", "{ cors: { allowedOrigins: [], allowedMethods: [ GET ] } }", "cors.allowedOrigins out-of-range"],
] as const)
  test(`it is refused: ${what}`, async () => assert.equal(await errors(kind, spec), [expected]));

test("a component that is used and named by a variable gives its variables under both names", async () => {
  const spec = "{ image: a:1, uses: [ { component: q } ], environment: [ { name: JOBS, valueFrom: { component: q } } ] }";
  const { props } = (await synthYaml(stackWith(component("Worker", "c", spec), component("SQS", "q")))).at("svc/c/task-definition");
  const [container] = props.containerDefinitions.$json as { environment: { name: string }[] }[];
  assert.equal(
    container?.environment.map((e) => e.name),
    ["JOBS_URL", "Q_URL"],
  );
});

test.run();
