/** An Aurora database over several regions (Aurora User Guide, "Using Amazon Aurora global databases"). */
import { bool, group } from "../../framework/model/fields.js";
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { isHome, nameForAll } from "../base/all-regions.js";
import { resource } from "../base/resource.js";
import { recoveryDays } from "../security/recovery.js";
import type { RdsSpec } from "./rds.js";

/** Field `global`. */
export const globalField = group(
  {
    enabled: bool("One database over all regions of the stack.", { default: true }).optional(),
    writeForwarding: bool("Writes of programs in the other regions are sent on to the stack's own region.", { default: true }).optional(),
  },
  "Aurora: one database over all regions of the stack (`provider.regions`), written in the stack's own region and read in each, a second behind at most.",
).optional();

/** A global cluster's identifier: at most 63 characters (RDS API reference, CreateGlobalCluster). */
const IDENTIFIER = { property: "globalClusterIdentifier", max: 63, lower: true };

/** What a region's cluster is to the database. */
export interface GlobalPart {
  /** `first`: in the stack's own region, where it is written; `reader`: in another. */
  part: "first" | "reader";
  /** Of the cluster: inputs beside those that it has anyway. */
  inputs: { globalClusterIdentifier: Value; sourceRegion?: string; kmsKeyId?: Value; enableGlobalWriteForwarding?: boolean };
}

/** True where the database is to span the stack's regions. */
export function isGlobal(props: RdsSpec): boolean {
  return props.global !== undefined && props.global.enabled !== false;
}

/** All that AWS would refuse later, said now. */
export function checkGlobal(props: RdsSpec, ctx: ExpandContext): void {
  if (ctx.regions.length < 2)
    ctx.error("one-region", "the stack has one region, and a global database is for several", "global", {
      expected: "provider.regions with two regions at least",
    });
  if (props.database.passwordSecret === undefined)
    ctx.error("global-password", "AWS makes and rotates no password of a global database", "database.passwordSecret", {
      expected: "{ref: <a Secret of the stack>}",
    });
  if (props.instance?.class?.startsWith("db.t"))
    ctx.error("global-class", `a global database does not run on ${props.instance.class}`, "instance.class", {
      expected: "a class for memory, such as db.r7g.large, or serverless",
    });
}

/** Declares what binds the region's cluster to the database; roles `global` in the stack's own region, `key` in another. */
export function globalPart(props: RdsSpec, ctx: ExpandContext): GlobalPart {
  const type = "aws:rds/globalCluster:GlobalCluster";
  const identifier = nameForAll(IDENTIFIER, ctx.urn("global", type));
  if (!isHome(ctx))
    return {
      part: "reader",
      inputs: {
        globalClusterIdentifier: identifier,
        sourceRegion: ctx.regions[0] ?? "",
        kmsKeyId: ownKey(ctx).out("arn"),
        enableGlobalWriteForwarding: props.global?.writeForwarding ?? true,
      },
    };
  const global = resource(ctx, "global", type, {
    globalClusterIdentifier: identifier,
    engine: props.engine.type as "aurora-postgresql" | "aurora-mysql",
    engineVersion: props.engine.version,
    databaseName: props.database.name,
    storageEncrypted: true,
    deletionProtection: props.deletionProtection ?? ctx.protect,
    tags: ctx.tags,
  });
  return { part: "first", inputs: { globalClusterIdentifier: global.out("id") } };
}

/** An encrypted copy in another region needs a key named, and an account's own key for RDS may not exist there yet. */
function ownKey(ctx: ExpandContext): ResourceHandle {
  return resource(ctx, "key", "aws:kms/key:Key", {
    description: `Database ${ctx.address} of ${ctx.stack} in ${ctx.environment}`,
    enableKeyRotation: true,
    deletionWindowInDays: recoveryDays(ctx),
    tags: ctx.tags,
  });
}
