/** One table over the regions of a stack: made in the stack's own region, with a replica in each of the others. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { isHome, nameForAll } from "../base/all-regions.js";

const TABLE = "aws:dynamodb/table:Table";
/** DynamoDB API reference, CreateTable. */
const NAME = { property: "name", max: 255 };

/** What of the table's props says where it is. */
interface Replicated {
  tableName?: string | undefined;
  billingMode: string;
  encryption?: { kmsKey?: unknown } | undefined;
  replicas?: readonly string[] | undefined;
}

/** What a region's programs are told of a table that another region made. */
export interface TableHere {
  tableName: string;
  tableArn: Value;
  /** Each replica has a stream of its own. */
  streamArn: Value;
}

/** True where the table is one for several regions of the stack. */
export function isShared({ replicas }: Replicated, ctx: ExpandContext): boolean {
  return ctx.regions.length > 1 && (replicas?.length ?? 0) > 0;
}

/** The table's name: one for all regions of the stack. */
export function sharedName(props: Replicated, ctx: ExpandContext): string {
  return props.tableName || nameForAll(NAME, ctx.urn(undefined, TABLE));
}

/** The regions with a replica: those listed but the one that makes the table. */
export function replicaRegions({ replicas = [] }: Replicated, ctx: ExpandContext): string[] {
  return ctx.regions.length > 1 ? replicas.filter((region) => region !== ctx.regions[0]) : [...replicas];
}

/** The replica in this region; undefined where the table is made by this region's part of the stack. */
export function replicaHere(props: Replicated, ctx: ExpandContext): TableHere | undefined {
  if (!isShared(props, ctx) || isHome(ctx)) return undefined;
  const tableName = sharedName(props, ctx);
  const found = (output: string): Value => ({ $lookup: { token: "aws:dynamodb/getTable:getTable", args: { name: tableName }, output } });
  return { tableName, tableArn: found("arn"), streamArn: found("streamArn") };
}

/** What a table in several regions can't have: DynamoDB developer guide, "Global tables: how it works". */
export function checkReplicas(props: Replicated, ctx: ExpandContext): void {
  const { replicas = [], tableName, encryption } = props;
  if (replicas.length === 0) return;
  if (props.billingMode === "PROVISIONED")
    ctx.error("replica-capacity", "replicas need capacity that scales by itself", "replicas", { next: "set billingMode: PAY_PER_REQUEST" });
  if (encryption?.kmsKey !== undefined)
    ctx.error("replica-key", "a key of one region can't encrypt a replica in another", "encryption.kmsKey", {
      next: "leave kmsKey out: encryption.enabled: true takes AWS's key of each region",
    });
  const [home = "", ...others] = ctx.regions;
  for (const [i, region] of replicas.entries()) {
    if (region === ctx.region && others.length === 0)
      ctx.error("replica-here", `${region} is the table's own region`, `replicas[${i}]`, { expected: "another region" });
    if (replicas.indexOf(region) < i) ctx.error("duplicate-replica", `a second replica in ${region}`, `replicas[${i}]`);
  }
  for (const region of others)
    if (!replicas.includes(region))
      ctx.error("replica-missing", `the table is made in ${home} and has no replica in ${region}, a region of the stack`, "replicas", {
        expected: `${others.join(", ")} at least`,
        next: "add it, or leave replicas out: each region then has a table of its own",
      });
  if (isShared(props, ctx) && tableName?.includes(ctx.region))
    ctx.error("replica-name", "a table and its replicas have one name, and this one has the region in it", "tableName", {
      next: "take the region out of it, or leave tableName out",
    });
}
