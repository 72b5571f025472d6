/**
 * MSK (Kafka): a Kafka cluster in private subnets, encrypted, reachable only by components that refer to it, which log in with IAM.
 *
 * Costs: each broker (kafka.t3.small about $33 a month) and its storage ($0.10 per GB and month); serverless about $548 a month and by partition
 * and traffic (us-east-1, 2026-11).
 *
 *     const events = new MSK(shop, "events", { version: "3.6.0", brokers: { instanceType: "kafka.t3.small", count: 2 } });
 */
import type { z } from "zod";
import { bool, group, int, mapOf, plainText } from "../../framework/model/fields.js";
import type { ExpandContext, Grant, Metric, Ref, ResourceHandle, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { stackKeyAs } from "../security/default-key.js";
import { type PrivatePlace, privatePlace } from "../network/private-place.js";

const STORAGE_GB = 100;
/** How clients connect: output of the cluster, and port (MSK developer guide, "Port information"). */
const DOORS = {
  iam: { output: "bootstrapBrokersSaslIam", port: 9098 },
  scram: { output: "bootstrapBrokersSaslScram", port: 9096 },
  tls: { output: "bootstrapBrokersTls", port: 9094 },
  plain: { output: "bootstrapBrokers", port: 9092 },
} as const;

const schema = () =>
  group(
    {
      version: plainText("Kafka version, such as 3.6.0; a serverless cluster has AWS's.", {
        pattern: /^\d+\.\d+(\.(\d+|x))?(\.kraft)?$/,
        expected: "a version such as 3.6.0",
      }),
      brokers: group(
        {
          instanceType: plainText("Instance type, such as kafka.m7g.large.", {
            pattern: /^(kafka|express)\./,
            expected: "a type such as kafka.t3.small",
          }),
          count: int("Brokers: a multiple of the zones, so an even number with the stack's own network.", 2, 60),
          storageGB: int("Disk of each broker; may grow later.", 1, 16_384, { unit: "GiB", default: STORAGE_GB }).optional(),
        },
        "Brokers of a provisioned cluster.",
      ).optional(),
      serverless: bool("A serverless cluster instead of brokers.", { default: false }).optional(),
      security: group(
        {
          iam: bool("Clients log in with IAM.", { default: "true unless scram, or tls is false" }).optional(),
          scram: bool("Clients log in with user name and password of secrets that you associate.", { default: false }).optional(),
          tls: bool("TLS between clients and brokers; false: plain text, without login.", { default: true }).optional(),
        },
        "How clients connect.",
      ).optional(),
      configuration: mapOf(plainText("Its value."), "Broker settings by name, such as auto.create.topics.enable.").optional(),
      ...commonFields,
    },
    "A Kafka cluster.",
  );

/** Props of {@link MSK}. */
export type MSKProps = PropsOf<ReturnType<typeof schema>>;

/** A Kafka cluster. */
export class MSK extends Component {
  constructor(service: Service, name: string, props: MSKProps) {
    super("MSK", service, name, props);
  }
  /** `host:port,host:port`: what clients connect to. */
  get bootstrapBrokers(): Ref {
    return this.output("bootstrapBrokers");
  }
  /** The cluster's ARN. */
  get clusterArn(): Ref {
    return this.output("clusterArn");
  }
  /** Lets the user read topics. */
  read(): Use {
    return this.use("read");
  }
  /** Lets the user write to topics. */
  write(): Use {
    return this.use("write");
  }
  /** Both. */
  readWrite(): Use {
    return this.use("readWrite");
  }

  /** Opens the port to the user; what it may do there is said otherwise. */
  connect(): Use {
    return this.use("connect");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** The kind MSK. */
export const mskKind = defineKind({
  name: "MSK",
  aliases: ["Kafka"],
  group: "components",
  summary: "A Kafka cluster.",
  schema,
  infra: [],
  stateful: true,
  outputs: { bootstrapBrokers: "`host:port,host:port`: what clients connect to.", clusterArn: "The cluster's ARN." },
  expand(props, ctx) {
    const place = privatePlace(ctx, "Kafka");
    check(props, ctx, place);
    const door = doorOf(props);
    const main = props.serverless ? serverless(ctx, place) : provisioned(props, ctx, place, door);
    const { output, port } = DOORS[door];
    return {
      outputs: { bootstrapBrokers: main.out(output), clusterArn: main.out("arn") },
      bindings: {
        grants: door === "iam" ? grants(main, ctx) : { read: [], write: [], readWrite: [] },
        defaultAccess: "readWrite",
        connect: { securityGroupId: place.securityGroupId, port, protocol: "tcp" },
        metrics: metrics(props, main),
        inject: { _BROKERS: { value: main.out(output) } },
      },
    };
  },
});

type Door = keyof typeof DOORS;

function doorOf(props: Props): Door {
  const { iam, scram, tls } = props.security ?? {};
  if (props.serverless) return "iam";
  if (tls === false) return "plain";
  if (scram) return "scram";
  return (iam ?? true) ? "iam" : "tls";
}

function check(props: Props, ctx: ExpandContext, place: PrivatePlace): void {
  const { iam, scram, tls } = props.security ?? {};
  if (props.serverless ? props.brokers !== undefined : props.brokers === undefined)
    ctx.error("brokers", props.serverless ? "a serverless cluster has no brokers of its own" : "a cluster needs brokers", "brokers", {
      expected: "either brokers, or serverless: true",
    });
  if (props.serverless && (scram || tls === false || iam === false))
    ctx.error("serverless-iam", "clients of a serverless cluster log in with IAM over TLS", "security", { next: "leave security out" });
  if (props.serverless && props.configuration)
    ctx.error("serverless-configuration", "a serverless cluster takes no configuration", "configuration", { next: "remove it" });
  if (props.serverless) ctx.notice(`a serverless cluster runs AWS's Kafka version, not ${props.version}`);
  if (iam && scram) ctx.error("two-logins", "clients log in either with IAM or with scram", "security", { expected: "one of the two" });
  if (tls === false && (iam || scram))
    ctx.error("login-without-tls", "clients log in over TLS only", "security.tls", { expected: "true, or neither iam nor scram" });
  const zones = Array.isArray(place.subnetIds) ? place.subnetIds.length : 1;
  if (props.brokers && props.brokers.count % zones !== 0)
    ctx.error("broker-count", `${props.brokers.count} brokers can't be spread evenly over ${zones} zones`, "brokers.count", {
      expected: `a multiple of ${zones}`,
    });
}

function serverless(ctx: ExpandContext, place: PrivatePlace): ResourceHandle {
  return resource(ctx, undefined, "aws:msk/serverlessCluster:ServerlessCluster", {
    clientAuthentication: { sasl: { iam: { enabled: true } } },
    vpcConfigs: [{ subnetIds: place.subnetIds, securityGroupIds: place.securityGroupIds }],
    tags: ctx.tags,
  });
}

function provisioned(props: Props, ctx: ExpandContext, place: PrivatePlace, door: Door): ResourceHandle {
  const settings = Object.entries(props.configuration ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const configuration =
    settings.length === 0
      ? undefined
      : resource(ctx, "configuration", "aws:msk/configuration:Configuration", {
          description: `Settings of ${ctx.address}`,
          serverProperties: settings.map(([name, value]) => `${name} = ${value}\n`).join(""),
        });
  return resource(ctx, undefined, "aws:msk/cluster:Cluster", {
    kafkaVersion: props.version,
    numberOfBrokerNodes: props.brokers?.count ?? 2,
    brokerNodeGroupInfo: {
      instanceType: props.brokers?.instanceType ?? "",
      clientSubnets: place.subnetIds,
      securityGroups: place.securityGroupIds,
      storageInfo: { ebsStorageInfo: { volumeSize: props.brokers?.storageGB ?? STORAGE_GB } },
    },
    clientAuthentication:
      door === "iam" || door === "scram" ? { sasl: door === "iam" ? { iam: true } : { scram: true } } : { unauthenticated: true },
    encryptionInfo: {
      ...stackKeyAs(ctx, "encryptionAtRestKmsKeyArn"),
      encryptionInTransit: { clientBroker: door === "plain" ? "PLAINTEXT" : "TLS", inCluster: true },
    },
    configurationInfo: configuration && { arn: configuration.out("arn"), revision: configuration.out("latestRevision") },
    tags: ctx.tags,
  });
}

/**
 * MSK developer guide, "Metrics for monitoring Standard brokers", "... Express brokers" (without disks of their own): those counted by cluster, and
 * the disk of broker 1, as full as the others as long as partitions are spread evenly. A serverless cluster is measured by topic only.
 */
function metrics(props: Props, main: ResourceHandle): Metric[] {
  if (props.serverless) return [];
  const cluster = { "Cluster Name": main.out("clusterName") };
  const common = { ActiveControllerCount: "Maximum", GlobalPartitionCount: "Maximum" };
  if (props.brokers?.instanceType.startsWith("express.")) return metricsOf("AWS/Kafka", cluster, { ...common, StorageUsed: "Maximum" });
  return [
    ...metricsOf("AWS/Kafka", cluster, { OfflinePartitionsCount: "Maximum", ...common }),
    ...metricsOf("AWS/Kafka", { ...cluster, "Broker ID": "1" }, { KafkaDataLogsDiskUsed: "Maximum" }),
  ];
}

/** Actions per access: MSK developer guide, "Semantics of IAM authorization policy actions and resources". */
function grants(main: ResourceHandle, ctx: ExpandContext): { read: Grant[]; write: Grant[]; readWrite: Grant[] } {
  const of = (kind: string): Value => ({
    $text: [
      `arn:aws:kafka:`,
      ctx.regionValue,
      ":",
      ctx.accountId,
      `:${kind}/`,
      main.out("clusterName"),
      "/",
      main.out("clusterUuid"),
      "/*",
    ],
  });
  const connect = { actions: ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster"], resources: [main.out("arn")] };
  const topics = (...actions: string[]): Grant => ({
    actions: [...actions, "DescribeTopic"].sort().map((a) => `kafka-cluster:${a}`),
    resources: [of("topic")],
  });
  const groups = { actions: ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"], resources: [of("group")] };
  return {
    read: [connect, topics("ReadData"), groups],
    write: [{ ...connect, actions: [...connect.actions, "kafka-cluster:WriteDataIdempotently"] }, topics("WriteData")],
    readWrite: [
      { ...connect, actions: [...connect.actions, "kafka-cluster:WriteDataIdempotently"] },
      topics("ReadData", "WriteData"),
      groups,
    ],
  };
}
