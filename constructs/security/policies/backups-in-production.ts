/** Policy backups-in-production. */
import { componentOf } from "../../../framework/base/names.js";
import type { ResourceSpec } from "../../../framework/model/index.js";
import { eachOf, type Fault, type Policy } from "./policy.js";

type Props = ResourceSpec["props"];

const days =
  (property: string, path: string) =>
  (props: Props): Fault | undefined =>
    Number(props[property] ?? 0) >= 1 ? undefined : { path, message: "nothing of it is backed up", expected: "at least 1 day" };

const EFS_BACKUP = "aws:efs/backupPolicy:BackupPolicy";

function isBackedUp({ backupPolicy }: Props): boolean {
  return (backupPolicy as { status?: unknown } | undefined)?.status === "ENABLED";
}

const database = days("backupRetentionPeriod", "backup");

/** In environments of class production databases, tables, file systems and caches have backups. */
export const backupsInProduction: Policy = {
  id: "backups-in-production",
  asks: "in production whatever keeps data that can't be made again has backups",
  findings: (stack) =>
    stack.environmentClass !== "production"
      ? []
      : eachOf(stack, {
          "aws:docdb/cluster:Cluster": database,
          "aws:dynamodb/table:Table": ({ pointInTimeRecovery: recovery }) =>
            (recovery as { enabled?: unknown } | undefined)?.enabled === true
              ? undefined
              : { path: "pointInTimeRecovery", message: "the table can't be restored", expected: "true" },
          "aws:efs/fileSystem:FileSystem": (_props, { urn }) =>
            stack.resources.some((r) => r.type === EFS_BACKUP && componentOf(r.urn) === componentOf(urn) && isBackedUp(r.props))
              ? undefined
              : { path: "backup", message: "the file system is not backed up", expected: "true" },
          "aws:elasticache/replicationGroup:ReplicationGroup": days("snapshotRetentionLimit", "backup.retentionDays"),
          "aws:memorydb/cluster:Cluster": days("snapshotRetentionLimit", "snapshot.retentionDays"),
          "aws:rds/cluster:Cluster": database,
          // A read replica is no original.
          "aws:rds/instance:Instance": (props) =>
            props.replicateSourceDb !== undefined || props.clusterIdentifier !== undefined ? undefined : database(props),
        }),
};
