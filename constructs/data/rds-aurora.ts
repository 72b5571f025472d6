/** The resources of an Aurora database: cluster, instances (the first writes, the others read and take over), parameter group. */
import type { ExpandContext, Metric, ResourceHandle, Value } from "../../framework/model/index.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import { secretValue } from "../compute/secret-ref.js";
import { finalSnapshotName } from "./common.js";
import type { RdsSpec } from "./rds.js";
import { checkGlobal, type GlobalPart, globalPart, isGlobal } from "./rds-global.js";
import { scaleReaders } from "./rds-scaling.js";
import { type InstancePlace, monitoring, parameterFamily, parameterList } from "./rds-instance.js";

/** The class of instances that scale by themselves. */
const SERVERLESS = "db.serverless";

type AuroraEngine = Extract<RdsSpec["engine"]["type"], `aurora-${string}`>;

/** True for the engines that are clusters. */
export function isAurora(engine: string): boolean {
  return engine.startsWith("aurora-");
}

/** Readers beside the writer: as many as asked for, and one where a standby is. */
function readers(props: RdsSpec): number {
  return Math.max(props.instance?.readReplicas ?? 0, props.instance?.multiAZ ? 1 : 0);
}

/** All that Aurora would refuse later, said now. */
export function checkAurora(props: RdsSpec, ctx: ExpandContext): void {
  const { engine, instance, serverless, backup } = props;
  if (isGlobal(props)) checkGlobal(props, ctx);
  if (engine.parameterGroup && engine.parameters)
    ctx.error("two-parameter-groups", "parameterGroup names one and parameters makes another", "engine.parameterGroup", {
      expected: "one of the two",
    });
  if (serverless && serverless.maxACU < serverless.minACU)
    ctx.error("acu-range", "maxACU is below minACU", "serverless.maxACU", { expected: `at least ${serverless.minACU}` });
  for (const [name, acu] of Object.entries(serverless ?? {}))
    if ((acu * 2) % 1 !== 0)
      ctx.error("acu-step", "capacity comes in steps of half a unit", `serverless.${name}`, { expected: "such as 0.5 or 4" });
  const name = instance?.class;
  if (serverless && name !== undefined && name !== SERVERLESS)
    ctx.error("class-or-serverless", `serverless capacity goes with the class ${SERVERLESS}, not ${name}`, "instance.class", {
      next: "leave instance.class out",
    });
  if (!serverless && (name === undefined || name === SERVERLESS))
    ctx.error(
      "class-missing",
      name ? `${SERVERLESS} needs serverless.minACU and maxACU` : "an Aurora database needs instance.class or serverless",
      "instance.class",
      {
        expected: "a class such as db.r7g.large, or serverless: {minACU, maxACU}",
      },
    );
  if (instance?.storage) ctx.notice("Aurora's storage grows by itself and is billed by use; instance.storage is not used");
  if (instance?.iops !== undefined) ctx.error("iops-unused", "Aurora takes no iops", "instance.iops", { next: "remove it" });
  if (backup?.enabled === false)
    ctx.error("backup-off", "an Aurora database can't be without backups", "backup.enabled", { expected: "true" });
}

/** Aurora User Guide, "Amazon CloudWatch metrics for Amazon Aurora": of all instances together, and of the storage that they share. */
export function auroraMetrics(main: ResourceHandle): Metric[] {
  return metricsOf(
    "AWS/RDS",
    { DBClusterIdentifier: main.out("clusterIdentifier") },
    { CPUUtilization: "Average", DatabaseConnections: "Maximum", FreeableMemory: "Minimum", VolumeBytesUsed: "Average" },
  );
}

/** The cluster, and what it is to a database over several regions. */
export interface AuroraCluster {
  main: ResourceHandle;
  global: GlobalPart | undefined;
}

/** Declares cluster and instances; roles `subnets`, `parameters`, `instance-1` and on. */
export function auroraCluster(props: RdsSpec, ctx: ExpandContext, place: InstancePlace): AuroraCluster {
  const { engine, backup, serverless } = props;
  const subnets = resource(ctx, "subnets", "aws:rds/subnetGroup:SubnetGroup", {
    description: `Database ${ctx.address}`,
    subnetIds: place.subnetIds,
    tags: ctx.tags,
  });
  const global = isGlobal(props) ? globalPart(props, ctx) : undefined;
  const copy = global?.part === "reader";
  const final = !copy && (props.finalSnapshot ?? ctx.environmentClass === "production");
  const inputs = {
    engine: engine.type as AuroraEngine,
    engineVersion: engine.version,
    ...(copy ? {} : firstUser(props, ctx)),
    ...global?.inputs,
    port: place.port,
    dbSubnetGroupName: subnets.out("name"),
    vpcSecurityGroupIds: place.securityGroupIds,
    dbClusterParameterGroupName: parameterGroup(props, ctx),
    storageEncrypted: true,
    serverlessv2ScalingConfiguration: serverless && { minCapacity: serverless.minACU, maxCapacity: serverless.maxACU },
    backupRetentionPeriod: backup?.retentionDays ?? 7,
    preferredBackupWindow: backup?.preferredWindow,
    preferredMaintenanceWindow: props.maintenance?.preferredWindow ?? backup?.maintenanceWindow,
    allowMajorVersionUpgrade: true,
    applyImmediately: true,
    copyTagsToSnapshot: true,
    deletionProtection: props.deletionProtection ?? ctx.protect,
    skipFinalSnapshot: !final,
    finalSnapshotIdentifier: final ? finalSnapshotName(ctx) : undefined,
    tags: ctx.tags,
  };
  // AWS fills in of which cluster it is a copy, and changes it at a switchover.
  const options = copy ? { ignoreChanges: ["replicationSourceIdentifier"] } : {};
  const main = resource(ctx, undefined, "aws:rds/cluster:Cluster", inputs, { options });
  instances(props, ctx, main, subnets);
  return { main, global };
}

/** Database and user of a cluster that is no copy. */
function firstUser({ database }: RdsSpec, ctx: ExpandContext) {
  const own = database.passwordSecret;
  return {
    databaseName: database.name,
    masterUsername: database.username,
    ...(own ? { masterPassword: secretValue(ctx, own.ref, "database.passwordSecret.ref") } : { manageMasterUserPassword: true }),
  };
}

function instances(props: RdsSpec, ctx: ExpandContext, main: ResourceHandle, subnets: ResourceHandle): void {
  const watched = monitoring(props, ctx);
  const zones = props.instance?.availabilityZones ?? [];
  const all = Array.from({ length: readers(props) + 1 }, (_, i) =>
    resource(ctx, `instance-${i + 1}`, "aws:rds/clusterInstance:ClusterInstance", {
      clusterIdentifier: main.out("clusterIdentifier"),
      engine: props.engine.type as AuroraEngine,
      instanceClass: props.serverless ? SERVERLESS : (props.instance?.class ?? ""),
      availabilityZone: zones[i % zones.length],
      dbSubnetGroupName: subnets.out("name"),
      publiclyAccessible: false,
      promotionTier: Math.min(i, 15),
      autoMinorVersionUpgrade: props.maintenance?.autoMinorVersionUpgrade ?? true,
      applyImmediately: true,
      copyTagsToSnapshot: true,
      ...watched,
      tags: ctx.tags,
    }),
  );
  const scaling = props.instance?.replicaScaling;
  if (scaling)
    scaleReaders(
      ctx,
      scaling,
      main.out("clusterIdentifier"),
      readers(props),
      all.map((i) => i.urn),
    );
}

function parameterGroup(props: RdsSpec, ctx: ExpandContext): Value | undefined {
  const { engine } = props;
  if (Object.keys(engine.parameters ?? {}).length === 0) return engine.parameterGroup;
  return resource(ctx, "parameters", "aws:rds/clusterParameterGroup:ClusterParameterGroup", {
    family: parameterFamily(engine.type, engine.version),
    description: `Parameters of ${ctx.address}`,
    parameters: parameterList(engine.parameters ?? {}),
    tags: ctx.tags,
  }).out("name");
}
