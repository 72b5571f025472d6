/** The resources of a database instance: instance, parameter group, monitoring role, read replicas. */
import type { ExpandContext, Metric, ResourceHandle, Value } from "../../framework/model/index.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import { workloadRole } from "../compute/roles.js";
import { secretValue } from "../compute/secret-ref.js";
import type { PrivatePlace } from "../network/private-place.js";
import { finalSnapshotName } from "./common.js";
import type { RdsSpec } from "./rds.js";

const INSTANCE = "aws:rds/instance:Instance";

/** Intervals that enhanced monitoring knows, seconds. */
const INTERVALS = [1, 5, 10, 15, 30, 60];

/** Parameters that take effect only after a restart (RDS refuses to apply them at once), the common ones per engine family. */
const STATIC_PARAMETERS = new Set([
  ...["shared_buffers", "max_connections", "shared_preload_libraries", "max_worker_processes", "max_wal_senders"],
  ...["max_replication_slots", "rds.logical_replication", "track_activity_query_size", "autovacuum_max_workers", "wal_buffers"],
  ...["innodb_log_file_size", "innodb_buffer_pool_instances", "performance_schema", "lower_case_table_names", "skip_name_resolve"],
  ...["innodb_ft_min_token_size", "log_bin_use_v1_row_events", "gtid-mode", "gtid_mode", "enforce_gtid_consistency"],
]);

/** Where the instance lives. */
export interface InstancePlace extends PrivatePlace {
  port: number;
}

/** A spec whose instance is said in full, as the engines that are not clusters need it. */
export type InstanceSpec = RdsSpec & {
  instance: { class: string; storage: NonNullable<NonNullable<RdsSpec["instance"]>["storage"]> };
};

/** True if the instance is said in full. */
export function hasInstance(props: RdsSpec): props is InstanceSpec {
  return props.instance?.class !== undefined && props.instance.storage !== undefined;
}

/** Declares the main instance with its subnet group, parameter group and monitoring role; roles `subnets`, `parameters`, `monitoring-role`, `monitoring-policy`. */
export function mainInstance(props: InstanceSpec, ctx: ExpandContext, place: InstancePlace): ResourceHandle {
  const { engine, instance, database, backup } = props;
  const { storage } = instance;
  const subnets = resource(ctx, "subnets", "aws:rds/subnetGroup:SubnetGroup", {
    description: `Database ${ctx.address}`,
    subnetIds: place.subnetIds,
    tags: ctx.tags,
  });
  const final = props.finalSnapshot ?? ctx.environmentClass === "production";
  return resource(
    ctx,
    undefined,
    INSTANCE,
    {
      engine: engine.type,
      engineVersion: engine.version,
      instanceClass: instance.class,
      storageType: storage.type ?? "gp3",
      allocatedStorage: storage.allocatedGB,
      maxAllocatedStorage: storage.maxAllocatedGB,
      iops: storage.iops ?? instance.iops,
      storageEncrypted: true,
      multiAz: instance.multiAZ ?? false,
      availabilityZone: instance.availabilityZones?.[0],
      dbName: database.name,
      username: database.username,
      ...password(props, ctx),
      port: place.port,
      dbSubnetGroupName: subnets.out("name"),
      vpcSecurityGroupIds: place.securityGroupIds,
      publiclyAccessible: false,
      parameterGroupName: parameterGroup(props, ctx),
      backupRetentionPeriod: backup?.enabled === false ? 0 : (backup?.retentionDays ?? 7),
      backupWindow: backup?.preferredWindow,
      maintenanceWindow: props.maintenance?.preferredWindow ?? backup?.maintenanceWindow,
      autoMinorVersionUpgrade: props.maintenance?.autoMinorVersionUpgrade ?? true,
      allowMajorVersionUpgrade: true,
      applyImmediately: true,
      copyTagsToSnapshot: true,
      ...monitoring(props, ctx),
      deletionProtection: props.deletionProtection ?? ctx.protect,
      skipFinalSnapshot: !final,
      finalSnapshotIdentifier: final ? finalSnapshotName(ctx) : undefined,
      tags: ctx.tags,
    },
    { options: { ...(ctx.protect ? { protect: true } : {}) } },
  );
}

/** Declares the read replicas; roles `replica-1` and on. */
export function readReplicas(props: InstanceSpec, ctx: ExpandContext, main: ResourceHandle, place: InstancePlace): ResourceHandle[] {
  return Array.from({ length: props.instance.readReplicas ?? 0 }, (_, i) =>
    resource(ctx, `replica-${i + 1}`, INSTANCE, {
      replicateSourceDb: main.out("identifier"),
      instanceClass: props.instance.class,
      storageEncrypted: true,
      publiclyAccessible: false,
      vpcSecurityGroupIds: place.securityGroupIds,
      autoMinorVersionUpgrade: props.maintenance?.autoMinorVersionUpgrade ?? true,
      applyImmediately: true,
      skipFinalSnapshot: true,
      tags: ctx.tags,
    }),
  );
}

/** RDS User Guide, "Amazon CloudWatch instance-level metrics for Amazon RDS"; of the main instance. */
export function instanceMetrics(main: ResourceHandle): Metric[] {
  return metricsOf(
    "AWS/RDS",
    { DBInstanceIdentifier: main.out("identifier") },
    { CPUUtilization: "Average", FreeStorageSpace: "Minimum", DatabaseConnections: "Maximum", FreeableMemory: "Minimum" },
  );
}

/** All that AWS would refuse later, said now. */
export function checkInstance(props: InstanceSpec, ctx: ExpandContext): void {
  if (props.instance?.replicaScaling)
    ctx.error("scaling-aurora", `the read replicas of ${props.engine.type} are not scaled by AWS`, "instance.replicaScaling", {
      expected: "an Aurora engine, or readReplicas",
    });
  const { engine, instance, database, backup, monitoring: watch } = props;
  if (props.serverless)
    ctx.error("serverless-unused", `serverless capacity is for the Aurora engines, not ${engine.type}`, "serverless", {
      next: "remove it",
    });
  const replicas = instance.readReplicas ?? 0;
  if (engine.parameterGroup && engine.parameters)
    ctx.error("two-parameter-groups", "parameterGroup names one and parameters makes another", "engine.parameterGroup", {
      expected: "one of the two",
    });
  const { storage } = instance;
  if (storage.type?.startsWith("io") && (storage.iops ?? instance.iops) === undefined)
    ctx.error("missing-iops", `${storage.type} storage needs iops`, "instance.storage.iops", { expected: "a number from 1000" });
  if (storage.iops !== undefined && instance.iops !== undefined && storage.iops !== instance.iops)
    ctx.error("two-iops", "instance.iops and instance.storage.iops differ", "instance.iops", { expected: "one of the two" });
  if (storage.maxAllocatedGB !== undefined && storage.maxAllocatedGB <= storage.allocatedGB)
    ctx.error("max-below-size", "maxAllocatedGB must be above allocatedGB", "instance.storage.maxAllocatedGB", {
      expected: `more than ${storage.allocatedGB}`,
    });
  if ((instance.availabilityZones?.length ?? 0) > (instance.multiAZ ? 0 : 1))
    ctx.error("zones", "an instance stands in one zone; with multiAZ AWS chooses both", "instance.availabilityZones", {
      expected: instance.multiAZ ? "none" : "one zone",
    });
  if (replicas > 0 && !database.passwordSecret)
    ctx.error("replica-password", "RDS makes no read replica of a database whose password it manages itself", "instance.readReplicas", {
      next: "add database.passwordSecret: {ref: <secret>}",
    });
  if (replicas > 0 && backup?.enabled === false)
    ctx.error("replica-backup", "a read replica needs backups on its source", "backup.enabled", { expected: "true" });
  const interval = watch?.monitoringInterval;
  if (interval !== undefined && !INTERVALS.includes(interval))
    ctx.error("bad-interval", `enhanced monitoring knows no interval of ${interval} s`, "monitoring.monitoringInterval", {
      expected: `one of ${INTERVALS.join(", ")}`,
    });
}

/** RDS makes, keeps and rotates the password, unless a secret holds one. */
function password(props: RdsSpec, ctx: ExpandContext) {
  const own = props.database.passwordSecret;
  return own ? { password: secretValue(ctx, own.ref, "database.passwordSecret.ref") } : { manageMasterUserPassword: true };
}

function parameterGroup(props: RdsSpec, ctx: ExpandContext): Value | undefined {
  const { engine } = props;
  if (Object.keys(engine.parameters ?? {}).length === 0) return engine.parameterGroup;
  const group = resource(ctx, "parameters", "aws:rds/parameterGroup:ParameterGroup", {
    family: parameterFamily(engine.type, engine.version),
    description: `Parameters of ${ctx.address}`,
    parameters: parameterList(engine.parameters ?? {}),
    tags: ctx.tags,
  });
  return group.out("name");
}

/** Parameters by name, in order; those that need a restart wait for it. */
export function parameterList(parameters: { [name: string]: string }) {
  return Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value, applyMethod: STATIC_PARAMETERS.has(name) ? "pending-reboot" : "immediate" }));
}

/** The parameter group family of a version: `postgres16`, `postgres9.6`, `mysql8.0`, `aurora-mysql8.0`. */
export function parameterFamily(engine: string, version: string): string {
  const [major = "", minor] = version.split(".");
  const whole = engine.startsWith("aurora-postgres") || (engine === "postgres" && Number(major) >= 10);
  return `${engine}${whole || minor === undefined ? major : `${major}.${minor}`}`;
}

/** Enhanced monitoring with its role (`monitoring-role`), and Performance Insights. */
export function monitoring(props: RdsSpec, ctx: ExpandContext) {
  const watch = props.monitoring;
  const insights = watch?.performanceInsights ? { performanceInsightsEnabled: true, performanceInsightsRetentionPeriod: 7 } : {};
  if (!watch?.enhancedMonitoring && watch?.monitoringInterval === undefined) return insights;
  if (watch.enhancedMonitoring === false) return insights;
  const metrics: Value = { $text: ["arn:aws:logs:", ctx.regionValue, ":", ctx.accountId, ":log-group:RDSOSMetrics"] };
  const role = workloadRole(ctx, "monitoring-role", "monitoring.rds.amazonaws.com", [
    { actions: ["logs:CreateLogGroup", "logs:PutRetentionPolicy"], resources: [metrics, { $text: [metrics, ":*"] }] },
    {
      actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"],
      resources: [{ $text: [metrics, ":log-stream:*"] }],
    },
  ]);
  return { ...insights, monitoringInterval: watch.monitoringInterval ?? 60, monitoringRoleArn: role.arn };
}
