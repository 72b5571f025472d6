/**
 * DynamoDB: a table. Encrypted always; point-in-time recovery on in production.
 * Costs nothing while empty with PAY_PER_REQUEST; $0.25 per GB and month, $0.625 per million writes, $0.125 per million reads
 * (us-east-1, 2026-11); recovery $0.20 per GB and month.
 *
 *   const orders = new DynamoDB(service, "orders", {
 *     billingMode: "PAY_PER_REQUEST",
 *     hashKey: { name: "id", type: "S" },
 *   });
 */
import { z } from "zod";
import { bool, group, int, listOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import type { Bindings, ExpandContext, Metric, Ref, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { stackKey } from "../security/default-key.js";
import { checkProjections } from "./dynamodb-projections.js";
import { checkReplicas, isShared, replicaHere, replicaRegions, sharedName } from "./dynamodb-regions.js";
import { KEY_FORMS, keyArn, keyLinks } from "../security/key-ref.js";
import { isScaled, scaledProperties, scaleTable, tableAutoscaling } from "./dynamodb-scaling.js";

const key = (description: string) =>
  group(
    {
      name: plainText("The attribute's name.", { min: 1, max: 255 }),
      type: oneOf(["S", "N", "B"], "Text, number or bytes."),
    },
    description,
  );

const projection = oneOf(["ALL", "KEYS_ONLY", "INCLUDE"], "Attributes that the index holds; INCLUDE names them in nonKeyAttributes.");
const nonKeyAttributes = listOf(plainText("An attribute."), "With projection INCLUDE: attributes besides the keys.").optional();
const readCapacity = int("With PROVISIONED: reads of 4 KB per second.", 1).optional();
const writeCapacity = int("With PROVISIONED: writes of 1 KB per second.", 1).optional();

const schema = z.strictObject({
  billingMode: oneOf(["PAY_PER_REQUEST", "PROVISIONED"], "Pay per request, or for capacity per hour."),
  tableName: plainText("The table's physical name.", { max: 255, default: "generated" }).optional(),
  hashKey: key("Partition key."),
  rangeKey: key("Sort key.").optional(),
  readCapacity,
  writeCapacity,
  autoscaling: tableAutoscaling.optional(),
  globalSecondaryIndexes: listOf(
    group(
      {
        name: plainText("The index's name."),
        hashKey: key("Partition key of the index."),
        rangeKey: key("Sort key of the index.").optional(),
        projection,
        nonKeyAttributes,
        readCapacity,
        writeCapacity,
      },
      "One index.",
    ),
    "Indexes with keys of their own; may be added and removed later.",
  ).optional(),
  localSecondaryIndexes: listOf(
    group({ name: plainText("The index's name."), rangeKey: key("Sort key of the index."), projection, nonKeyAttributes }, "One index."),
    "Indexes with the table's partition key; a change replaces the table.",
  ).optional(),
  ttl: group(
    {
      enabled: bool("On or off.", { default: true }).optional(),
      attributeName: plainText("Number attribute with the time, seconds since 1970."),
    },
    "Items are deleted some time after the time they name.",
  ).optional(),
  encryption: group(
    {
      enabled: bool("true: a KMS key (AWS's unless kmsKey is given; billed); false: DynamoDB's own key, without charge.", {
        default: "true with kmsKey, else false",
      }).optional(),
      kmsKey: text(`Key: ${KEY_FORMS}.`).optional(),
    },
    "Key of the encryption at rest, which is always on.",
  ).optional(),
  pointInTimeRecovery: bool("Restore to any second of the last 35 days.", { default: "true in production" }).optional(),
  stream: group(
    {
      enabled: bool("On or off.", { default: true }).optional(),
      viewType: oneOf(["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"], "What the stream holds of a change.", {
        default: "NEW_AND_OLD_IMAGES",
      }).optional(),
    },
    "Stream of changes.",
  ).optional(),
  replicas: listOf(
    plainText("A region."),
    "Regions with a replica; turns the stream on. In a stack of several regions (`provider.regions`) it is one table for all of them: made in the stack's own, with a replica in each of the others.",
  ).optional(),
  ...commonFields,
});

/** Props of {@link DynamoDB}. */
export interface DynamoDBProps extends PropsOf<typeof schema> {}

/** A table. */
export class DynamoDB extends Component {
  constructor(service: Service, name: string, props: DynamoDBProps) {
    super("DynamoDB", service, name, props);
  }

  get tableName(): Ref {
    return this.output("tableName");
  }

  get tableArn(): Ref {
    return this.output("tableArn");
  }

  /** ARN of the stream; an error at validate if there is none. */
  get streamArn(): Ref {
    return this.output("streamArn");
  }

  /** Lets the user read items. */
  read(): Use {
    return this.use("read");
  }

  /** Lets the user put, change and delete items. */
  write(): Use {
    return this.use("write");
  }

  /** Both. */
  readWrite(): Use {
    return this.use("readWrite");
  }
}

type Props = Expanded<z.output<typeof schema>>;

/** Kind `DynamoDB`. */
export const dynamodbKind = defineKind({
  name: "DynamoDB",
  group: "components",
  summary: "A table.",
  schema,
  infra: [],
  outputs: { tableName: "The table's physical name.", tableArn: "The table's ARN.", streamArn: "ARN of the stream, if there is one." },
  hasOutput: (name, props) => name === "tableName" || name === "tableArn" || (name === "streamArn" && streamed(props as Props)),
  stateful: true,
  links: (props) => keyLinks(props.encryption?.kmsKey, "encryption.kmsKey"),
  expand(props, ctx) {
    checkCapacity(props, ctx);
    checkProjections(props, ctx);
    checkReplicas(props, ctx);
    const keys = attributes(props, ctx);
    const here = replicaHere(props, ctx);
    if (here) return { outputs: { ...here }, bindings: bindings(here.tableName, here.tableArn, undefined) };
    const provisioned = props.billingMode === "PROVISIONED";
    const { ttl } = props;
    const encryption = tableKey(props, ctx);
    const recovery = props.pointInTimeRecovery ?? ctx.environmentClass === "production";
    const declared = {
      name: isShared(props, ctx) ? sharedName(props, ctx) : props.tableName || undefined,
      billingMode: props.billingMode,
      hashKey: props.hashKey.name,
      rangeKey: props.rangeKey?.name,
      readCapacity: provisioned ? props.readCapacity : undefined,
      writeCapacity: provisioned ? props.writeCapacity : undefined,
      attributes: keys,
      globalSecondaryIndexes: props.globalSecondaryIndexes?.map((index) => ({
        ...localIndex(index),
        hashKey: index.hashKey.name,
        readCapacity: provisioned ? index.readCapacity : undefined,
        writeCapacity: provisioned ? index.writeCapacity : undefined,
      })),
      localSecondaryIndexes: props.localSecondaryIndexes?.map(localIndex),
      ttl: ttl && { enabled: ttl.enabled ?? true, attributeName: ttl.attributeName },
      serverSideEncryption: encryption,
      pointInTimeRecovery: { enabled: recovery },
      streamEnabled: streamed(props) ? true : undefined,
      streamViewType: streamed(props) ? (props.replicas?.length ? "NEW_AND_OLD_IMAGES" : viewType(props)) : undefined,
      replicas:
        props.replicas &&
        replicaRegions(props, ctx).map((regionName) => ({ regionName, propagateTags: true, pointInTimeRecovery: recovery })),
      deletionProtectionEnabled: ctx.protect ? true : undefined,
      tags: ctx.tags,
    };
    const ignoreChanges = scaledProperties(props.autoscaling);
    const table = resource(
      ctx,
      undefined,
      "aws:dynamodb/table:Table",
      declared,
      ignoreChanges.length > 0 ? { options: { ignoreChanges } } : {},
    );
    if (props.autoscaling && isScaled(props.autoscaling) && provisioned)
      scaleTable(ctx, props.autoscaling, { ...props, name: table.out("name") });
    const [tableName, tableArn] = [table.out("name"), table.out("arn")];
    return {
      outputs: { tableName, tableArn, ...(streamed(props) ? { streamArn: table.out("streamArn") } : {}) },
      bindings: bindings(tableName, tableArn, encryption?.kmsKeyArn),
    };
  },
});

function viewType(props: Props): string {
  return props.stream?.viewType ?? "NEW_AND_OLD_IMAGES";
}

function streamed(props: Props): boolean {
  return (props.stream !== undefined && props.stream.enabled !== false) || (props.replicas?.length ?? 0) > 0;
}

type Index = NonNullable<Props["localSecondaryIndexes"]>[number] | NonNullable<Props["globalSecondaryIndexes"]>[number];

function localIndex(index: Index) {
  return {
    name: index.name,
    projectionType: index.projection,
    rangeKey: index.rangeKey?.name,
    nonKeyAttributes: index.nonKeyAttributes,
  };
}

/** Key attributes of table and indexes, each once, by name; one name with two types is an error. */
function attributes(props: Props, ctx: ExpandContext): { name: string; type: string }[] {
  const types = new Map<string, string>();
  const add = (key: { name: string; type: string } | undefined, path: string): void => {
    if (!key) return;
    const known = types.get(key.name);
    if (known !== undefined && known !== key.type)
      ctx.error("attribute-type", `the attribute "${key.name}" is ${known} in one key and ${key.type} in another`, path);
    types.set(key.name, key.type);
  };
  add(props.hashKey, "hashKey");
  add(props.rangeKey, "rangeKey");
  for (const [i, index] of (props.globalSecondaryIndexes ?? []).entries()) {
    add(index.hashKey, `globalSecondaryIndexes[${i}].hashKey`);
    add(index.rangeKey, `globalSecondaryIndexes[${i}].rangeKey`);
  }
  for (const [i, index] of (props.localSecondaryIndexes ?? []).entries()) add(index.rangeKey, `localSecondaryIndexes[${i}].rangeKey`);
  return [...types].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, type]) => ({ name, type }));
}

/** KMS encryption where it is asked for, or the stack has a key; that one encrypts no replica in another region. */
function tableKey({ encryption, replicas }: Props, ctx: ExpandContext): { enabled: true; kmsKeyArn: Value | undefined } | undefined {
  const ofStack = encryption?.enabled === false || replicas?.length ? undefined : stackKey(ctx);
  const kmsKeyArn = keyArn(ctx, encryption?.kmsKey, "encryption.kmsKey") ?? ofStack;
  return (encryption?.enabled ?? kmsKeyArn !== undefined) ? { enabled: true, kmsKeyArn } : undefined;
}

function checkCapacity(props: Props, ctx: ExpandContext): void {
  const all = [{ of: props as { readCapacity?: number; writeCapacity?: number }, path: "" }];
  for (const [i, index] of (props.globalSecondaryIndexes ?? []).entries()) all.push({ of: index, path: `globalSecondaryIndexes[${i}].` });
  for (const { of, path } of all)
    for (const field of ["readCapacity", "writeCapacity"] as const) {
      if (props.billingMode === "PROVISIONED" && of[field] === undefined)
        ctx.error("capacity-missing", `billingMode PROVISIONED needs ${field}`, `${path}${field}`, { expected: "a number from 1" });
      if (props.billingMode === "PAY_PER_REQUEST" && of[field] !== undefined)
        ctx.error("capacity-unused", `${field} is for billingMode PROVISIONED`, `${path}${field}`, { next: "remove it" });
    }
  if (props.autoscaling && props.billingMode === "PAY_PER_REQUEST")
    ctx.error("capacity-unused", "autoscaling is for billingMode PROVISIONED", "autoscaling", { next: "remove it" });
  if ((props.localSecondaryIndexes?.length ?? 0) > 0 && !props.rangeKey)
    ctx.error("range-key-missing", "a local secondary index needs a table with a rangeKey", "localSecondaryIndexes");
}

/** DynamoDB Developer Guide, "DynamoDB metrics and dimensions": those that it counts by table. */
function metrics(TableName: Value): Metric[] {
  const names = ["ReadThrottleEvents", "WriteThrottleEvents", "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"];
  return metricsOf("AWS/DynamoDB", { TableName }, Object.fromEntries(names.map((name) => [name, "Sum"])));
}

/** Actions per access: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB". */
function bindings(tableName: Value, tableArn: Value, kmsKey: Value | undefined): Bindings {
  const read = ["BatchGetItem", "ConditionCheckItem", "DescribeTable", "GetItem", "Query", "Scan"].map((a) => `dynamodb:${a}`);
  const write = ["BatchWriteItem", "DeleteItem", "DescribeTable", "PutItem", "UpdateItem"].map((a) => `dynamodb:${a}`);
  const grant = (actions: string[]) => [
    { actions, resources: [tableArn, { $text: [tableArn, "/index/*"] }] },
    ...(kmsKey === undefined ? [] : [{ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [kmsKey] }]),
  ];
  return {
    grants: { read: grant(read), write: grant(write), readWrite: grant([...new Set([...read, ...write])].sort()) },
    defaultAccess: "readWrite",
    inject: { _TABLE: { value: tableName } },
    metrics: metrics(tableName),
  };
}
