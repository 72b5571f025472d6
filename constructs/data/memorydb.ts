/**
 * MemoryDB: a durable Redis-compatible database in private subnets, over TLS, for clients that log in with IAM.
 *
 * Costs: each node by the hour, data written $0.20 per GB, snapshots $0.021 per GB and month (us-east-1, 2026-11).
 *
 *     const ledger = new MemoryDB(users, "ledger", { cluster: { nodeType: "db.t4g.small" } });
 *     new MicroService(users, "api", { image, port: 8080, uses: [ledger.connect()], environment: { LEDGER: ledger.endpoint } });
 */
import type { z } from "zod";
import { bool, group, int, plainText } from "../../framework/model/fields.js";
import type { ExpandContext, Grant, Ref, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { privatePlace } from "../network/private-place.js";
import { finalSnapshotName } from "./common.js";

const PORT = 6379;
/** Where nothing is said. */
const DEFAULTS = { version: "7.1", shards: 1, replicas: 1, productionSnapshotDays: 7 };
/** The ACL that AWS makes in every account: no login. */
const OPEN = "open-access";

const schema = () =>
  group(
    {
      engine: group(
        {
          version: plainText("Major and minor version.", {
            pattern: /^\d+\.\d+$/,
            expected: "major.minor, such as 7.1",
            default: DEFAULTS.version,
          }).optional(),
        },
        "What database it is.",
      ).optional(),
      cluster: group(
        {
          nodeType: plainText("Node type, such as db.t4g.small.", { pattern: /^db\./, expected: "a type such as db.t4g.small" }),
          shards: int("Shards.", 1, 500, { default: DEFAULTS.shards }).optional(),
          replicasPerShard: int("Replicas of each shard.", 0, 5, { default: DEFAULTS.replicas }).optional(),
        },
        "What it runs on.",
      ),
      security: group(
        {
          tls: bool("TLS; a change replaces the cluster.", { default: true }).optional(),
          acl: plainText("An existing ACL, such as `open-access` (no login).", {
            pattern: /^[a-zA-Z][a-zA-Z0-9-]{0,39}$/,
            expected: "the name of an ACL",
            default: "one of its own, whose one user logs in with IAM",
          }).optional(),
        },
        "Encryption and login.",
      ).optional(),
      snapshot: group(
        {
          retentionDays: int("Days to keep daily snapshots; 0: none.", 0, 35, {
            unit: "days",
            default: "7 in production, else 0",
          }).optional(),
        },
        "Snapshots.",
      ).optional(),
      ...commonFields,
    },
    "A durable Redis-compatible database.",
  );

/** Props of {@link MemoryDB}. */
export type MemoryDBProps = PropsOf<ReturnType<typeof schema>>;

/** A durable Redis-compatible database. */
export class MemoryDB extends Component {
  constructor(service: Service, name: string, props: MemoryDBProps) {
    super("MemoryDB", service, name, props);
  }
  /** Host name of the cluster. */
  get endpoint(): Ref {
    return this.output("endpoint");
  }
  /** Port. */
  get port(): Ref {
    return this.output("port");
  }
  /** The user that logs in with IAM; an error at validate with an ACL that exists already. */
  get username(): Ref {
    return this.output("username");
  }
  /** A `uses` entry: an open port, and the permission to log in. */
  connect(): Use {
    return this.use("connect");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** The kind MemoryDB. */
export const memorydbKind = defineKind({
  name: "MemoryDB",
  aliases: ["AWSMemoryDB"],
  group: "components",
  summary: "A durable Redis-compatible database.",
  schema,
  infra: [],
  stateful: true,
  outputs: {
    endpoint: "Host name of the cluster.",
    port: "Port.",
    username: "The user that logs in with IAM; not with an ACL that exists already.",
  },
  hasOutput(name, props) {
    if (name === "username") return (props as Partial<Props>).security?.acl === undefined;
    return name === "endpoint" || name === "port";
  },
  expand(props, ctx) {
    const { security, cluster } = props;
    check(props, ctx);
    const place = privatePlace(ctx, "Database");
    const access = login(props, ctx);
    const retention = props.snapshot?.retentionDays ?? (ctx.environmentClass === "production" ? DEFAULTS.productionSnapshotDays : 0);
    const subnets = resource(ctx, "subnets", "aws:memorydb/subnetGroup:SubnetGroup", {
      description: `Database ${ctx.address}`,
      subnetIds: place.subnetIds,
      tags: ctx.tags,
    });
    const main = resource(ctx, undefined, "aws:memorydb/cluster:Cluster", {
      description: `Database ${ctx.address}`,
      aclName: access.acl,
      engineVersion: props.engine?.version ?? DEFAULTS.version,
      nodeType: cluster.nodeType,
      numShards: cluster.shards ?? DEFAULTS.shards,
      numReplicasPerShard: cluster.replicasPerShard ?? DEFAULTS.replicas,
      port: PORT,
      subnetGroupName: subnets.out("name"),
      securityGroupIds: place.securityGroupIds,
      tlsEnabled: security?.tls ?? true,
      snapshotRetentionLimit: retention,
      finalSnapshotName: ctx.environmentClass === "production" ? finalSnapshotName(ctx) : undefined,
      tags: ctx.tags,
    });
    const { user } = access;
    const grant: Grant[] = user ? [{ actions: ["memorydb:Connect"], resources: [main.out("arn"), user.out("arn")] }] : [];
    return {
      outputs: {
        endpoint: main.out("clusterEndpoints[0].address"),
        port: PORT,
        ...(user ? { username: user.out("userName") } : {}),
      },
      bindings: {
        grants: { connect: grant },
        defaultAccess: "connect",
        connect: { securityGroupId: place.securityGroupId, port: PORT, protocol: "tcp" },
        // MemoryDB Developer Guide, "Metrics for MemoryDB": of all nodes together.
        metrics: metricsOf(
          "AWS/MemoryDB",
          { ClusterName: main.out("name") },
          { CPUUtilization: "Average", DatabaseMemoryUsagePercentage: "Maximum", CurrConnections: "Maximum", Evictions: "Sum" },
        ),
        inject: {
          _HOST: { value: main.out("clusterEndpoints[0].address") },
          _PORT: { value: PORT },
          ...(user ? { _USERNAME: { value: user.out("userName") } } : {}),
        },
      },
    };
  },
});

/** The ACL given, or one with a user that logs in with IAM; roles `user`, `acl`. */
function login(props: Props, ctx: ExpandContext) {
  const given = props.security?.acl;
  if (given !== undefined) return { acl: given as Value, user: undefined };
  const user = resource(ctx, "user", "aws:memorydb/user:User", {
    // The plan names it.
    userName: undefined,
    accessString: "on ~* &* +@all",
    authenticationMode: { type: "iam" },
    tags: ctx.tags,
  });
  const acl = resource(ctx, "acl", "aws:memorydb/acl:Acl", { userNames: [user.out("userName")], tags: ctx.tags });
  return { acl: acl.out("name") as Value, user };
}

function check(props: Props, ctx: ExpandContext): void {
  if (props.security?.tls === false && props.security.acl !== OPEN)
    ctx.error("tls-needed", `without TLS MemoryDB takes the ACL ${OPEN} only`, "security.tls", {
      expected: "true",
      next: `set security.acl: ${OPEN}, or leave tls out`,
    });
  const major = Number(props.engine?.version?.split(".")[0] ?? 7);
  if (major < 7 && props.security?.acl === undefined)
    ctx.error("iam-version", "login with IAM needs version 7.0 or newer", "engine.version", { expected: "7.0 or newer, or security.acl" });
}
