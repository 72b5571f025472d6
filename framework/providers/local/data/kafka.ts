/** MSK. */
import type { RuleTable } from "../rules.js";
import { securityGroups, subnets } from "./database.js";

const brokers = (port: number): string => `b-1.{clusterName}.local.kafka.{region}.amazonaws.com:${port}`;

/** Rules by token. */
export const KAFKA: RuleTable = {
  "aws:msk/cluster:Cluster": {
    id: "arn:{partition}:kafka:{region}:{account}:cluster/{clusterName}/{clusterUuid}",
    arn: "{id}",
    computed: {
      clusterUuid: "{uuid}",
      bootstrapBrokers: brokers(9092),
      bootstrapBrokersTls: brokers(9094),
      bootstrapBrokersSaslScram: brokers(9096),
      bootstrapBrokersSaslIam: brokers(9098),
      currentVersion: "K1",
    },
    openBlocks: ["brokerNodeGroupInfo.connectivityInfo"],
    unique: [{ by: ["clusterName"], code: "ConflictException" }],
    parents: { "brokerNodeGroupInfo.clientSubnets[*]": subnets, "brokerNodeGroupInfo.securityGroups[*]": securityGroups },
  },
  "aws:msk/serverlessCluster:ServerlessCluster": {
    id: "arn:{partition}:kafka:{region}:{account}:cluster/{clusterName}/{clusterUuid}",
    arn: "{id}",
    computed: { clusterUuid: "{uuid}", bootstrapBrokersSaslIam: "boot-{clusterName}.c1.kafka-serverless.{region}.amazonaws.com:9098" },
    unique: [{ by: ["clusterName"], code: "ConflictException" }],
  },
  "aws:msk/configuration:Configuration": {
    id: "arn:{partition}:kafka:{region}:{account}:configuration/{name}/{uuid}",
    arn: "{id}",
    computed: { latestRevision: 1 },
    unique: [{ by: ["name"], code: "ConflictException" }],
  },
};
