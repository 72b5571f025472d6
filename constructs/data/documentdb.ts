/**
 * DocumentDB: a MongoDB-compatible cluster in private subnets, encrypted, over TLS, reachable only by components that refer to it.
 *
 * Costs: each instance (db.t4g.medium about $55 a month), storage $0.10 per GB and month, I/O $0.20 per million (us-east-1, 2026-11).
 *
 *     const catalog = new DocumentDB(shop, "catalog", {
 *       cluster: { instanceClass: "db.t4g.medium" },
 *       database: { username: "app" },
 *     });
 */
import type { z } from "zod";
import { group, int, plainText, text } from "../../framework/model/fields.js";
import type { ExpandContext, Link, Ref, ResourceHandle, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { encryptionField, encryptionKey } from "../base/encryption.js";
import { keyLinks } from "../security/key-ref.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { rotatePassword } from "../security/rotation.js";
import { secretSource, secretValue } from "../compute/secret-ref.js";
import { type PrivatePlace, privatePlace } from "../network/private-place.js";
import { finalSnapshotName, NAME, WINDOW } from "./common.js";

/** Where nothing is said. */
const DEFAULTS = { version: "5.0.0", port: 27_017, instances: 1, backupDays: 7 };

const schema = () =>
  group(
    {
      engine: group(
        {
          version: plainText("Engine version.", {
            pattern: /^\d+\.\d+\.\d+$/,
            expected: `a version such as ${DEFAULTS.version}`,
            default: DEFAULTS.version,
          }).optional(),
        },
        "What database it is.",
      ).optional(),
      cluster: group(
        {
          instanceClass: plainText("Instance class, such as db.t4g.medium.", {
            pattern: /^db\./,
            expected: "a class such as db.t4g.medium",
          }),
          instances: int("Instances: one writes, the others read and take over.", 1, 16, { default: DEFAULTS.instances }).optional(),
        },
        "What it runs on.",
      ),
      database: group(
        {
          username: plainText("Name of the master user.", NAME),
          passwordSecret: group(
            { ref: text("A secretRef whose value is the password; without one AWS makes, keeps and rotates it.") },
            "A password of your own.",
          ).optional(),
          port: int("Port; a change replaces the cluster.", 1150, 65535, { default: DEFAULTS.port }).optional(),
        },
        "The master user.",
      ),
      backup: group(
        {
          retentionDays: int("Days to keep the daily backups.", 1, 35, { unit: "days", default: DEFAULTS.backupDays }).optional(),
          preferredWindow: plainText("UTC, such as 03:00-04:00.", { pattern: WINDOW, expected: "hh:mm-hh:mm" }).optional(),
          maintenanceWindow: plainText("UTC, such as sun:04:30-sun:05:30.", {
            pattern: WINDOW,
            expected: "ddd:hh:mm-ddd:hh:mm",
          }).optional(),
        },
        "Backups and maintenance.",
      ).optional(),
      encryption: encryptionField("AWS's own key"),
      ...commonFields,
    },
    "A MongoDB-compatible cluster.",
  );

/** Props of {@link DocumentDB}. */
export type DocumentDBProps = PropsOf<ReturnType<typeof schema>>;

/** A MongoDB-compatible cluster. */
export class DocumentDB extends Component {
  constructor(service: Service, name: string, props: DocumentDBProps) {
    super("DocumentDB", service, name, props);
  }
  /** Host name of the instance that writes. */
  get endpoint(): Ref {
    return this.output("endpoint");
  }
  /** Host name that spreads reads over the instances. */
  get readerEndpoint(): Ref {
    return this.output("readerEndpoint");
  }
  /** Port. */
  get port(): Ref {
    return this.output("port");
  }
  /** ARN of the secret with user name and password, or of the one given. */
  get secretArn(): Ref {
    return this.output("secretArn");
  }
  /** A `uses` entry: an open port, and the variables `<NAME>_HOST`, `_PORT`, `_USERNAME`, `_PASSWORD`. */
  connect(): Use {
    return this.use("connect");
  }
  /** A `uses` entry: an open port, and the permission to read the password's secret. */
  read(): Use {
    return this.use("read");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** The kind DocumentDB. */
export const documentdbKind = defineKind({
  name: "DocumentDB",
  group: "components",
  summary: "A MongoDB-compatible cluster.",
  schema,
  infra: [],
  stateful: true,
  outputs: {
    endpoint: "Host name of the instance that writes.",
    readerEndpoint: "Host name that spreads reads over the instances.",
    port: "Port.",
    secretArn: "ARN of the secret with user name and password (JSON), or of the one given.",
  },
  links(props) {
    const ref = props.database?.passwordSecret?.ref;
    const secret: Link[] =
      typeof ref === "string" ? [{ component: ref, path: "database.passwordSecret.ref", optional: true, orderOnly: true }] : [];
    return [...secret, ...keyLinks(props.encryption?.kmsKey, "encryption.kmsKey")];
  },
  expand(props, ctx) {
    const place = privatePlace(ctx, "Database");
    const port = props.database.port ?? DEFAULTS.port;
    const main = cluster(props, ctx, place, port);
    for (let i = 1; i <= (props.cluster.instances ?? DEFAULTS.instances); i += 1)
      resource(ctx, `instance-${i}`, "aws:docdb/clusterInstance:ClusterInstance", {
        clusterIdentifier: main.out("clusterIdentifier"),
        instanceClass: props.cluster.instanceClass,
        applyImmediately: true,
        // The first writes; the others take over in order.
        promotionTier: Math.min(i - 1, 15),
        tags: ctx.tags,
      });
    const own = props.database.passwordSecret?.ref as Value | undefined;
    const secretArn = own === undefined ? main.out("masterUserSecrets[0].secretArn") : secretSource(ctx, own).arn;
    rotatePassword(ctx, own === undefined ? { secretArn } : undefined);
    return {
      outputs: { endpoint: main.out("endpoint"), readerEndpoint: main.out("readerEndpoint"), port, secretArn },
      bindings: {
        grants: { connect: [], read: [{ actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] }] },
        defaultAccess: "connect",
        connect: { securityGroupId: place.securityGroupId, port, protocol: "tcp" },
        // DocumentDB Developer Guide, "Monitoring Amazon DocumentDB with CloudWatch": of all instances together.
        metrics: metricsOf(
          "AWS/DocDB",
          { DBClusterIdentifier: main.out("clusterIdentifier") },
          { CPUUtilization: "Average", DatabaseConnections: "Maximum", FreeableMemory: "Minimum", VolumeBytesUsed: "Average" },
        ),
        inject: {
          _HOST: { value: main.out("endpoint") },
          _PORT: { value: port },
          _USERNAME: own === undefined ? { secretArn, jsonKey: "username" } : { value: props.database.username as Value },
          _PASSWORD: own === undefined ? { secretArn, jsonKey: "password" } : { secretArn },
        },
      },
    };
  },
});

/** The cluster with its subnet group and parameter group; roles `subnets`, `parameters`. */
function cluster(props: Props, ctx: ExpandContext, place: PrivatePlace, port: number): ResourceHandle {
  const version = props.engine?.version ?? DEFAULTS.version;
  const subnets = resource(ctx, "subnets", "aws:docdb/subnetGroup:SubnetGroup", {
    description: `Database ${ctx.address}`,
    subnetIds: place.subnetIds,
    tags: ctx.tags,
  });
  const parameters = resource(ctx, "parameters", "aws:docdb/clusterParameterGroup:ClusterParameterGroup", {
    family: `docdb${version.split(".").slice(0, 2).join(".")}`,
    description: `Parameters of ${ctx.address}`,
    parameters: [{ name: "tls", value: "enabled", applyMethod: "pending-reboot" }],
    tags: ctx.tags,
  });
  const own = props.database.passwordSecret?.ref as Value | undefined;
  const production = ctx.environmentClass === "production";
  return resource(ctx, undefined, "aws:docdb/cluster:Cluster", {
    engineVersion: version,
    masterUsername: props.database.username,
    ...(own === undefined ? { manageMasterUserPassword: true } : { masterPassword: secretValue(ctx, own, "database.passwordSecret.ref") }),
    port,
    dbSubnetGroupName: subnets.out("name"),
    dbClusterParameterGroupName: parameters.out("name"),
    vpcSecurityGroupIds: place.securityGroupIds,
    storageEncrypted: true,
    kmsKeyId: encryptionKey(props.encryption, ctx, "a cluster"),
    backupRetentionPeriod: props.backup?.retentionDays ?? DEFAULTS.backupDays,
    preferredBackupWindow: props.backup?.preferredWindow,
    preferredMaintenanceWindow: props.backup?.maintenanceWindow,
    allowMajorVersionUpgrade: true,
    applyImmediately: true,
    deletionProtection: ctx.protect,
    skipFinalSnapshot: !production,
    finalSnapshotIdentifier: production ? finalSnapshotName(ctx) : undefined,
    tags: ctx.tags,
  });
}
