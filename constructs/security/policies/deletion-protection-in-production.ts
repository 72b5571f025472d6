/** Policy deletion-protection-in-production. */
import { type Checks, eachOf, type Policy } from "./policy.js";

const guarded =
  (property: string | undefined, path: string): Checks[string] =>
  (props, { options }) => {
    if (options.protect === true && (property === undefined || props[property] === true)) return undefined;
    return { path: options.protect === true ? path : "protect", message: "it can be deleted by one deployment", expected: "true" };
  };

const store = guarded(undefined, "protect");

/** In environments of class production what keeps data is guarded, by Panka and where it can be by AWS. */
export const deletionProtectionInProduction: Policy = {
  id: "deletion-protection-in-production",
  asks: "in production nothing that keeps data can be deleted without being named",
  findings: (stack) =>
    stack.environmentClass !== "production"
      ? []
      : eachOf(stack, {
          "aws:docdb/cluster:Cluster": guarded("deletionProtection", "protect"),
          "aws:dynamodb/table:Table": guarded("deletionProtectionEnabled", "protect"),
          "aws:efs/fileSystem:FileSystem": store,
          "aws:kms/key:Key": store,
          "aws:rds/cluster:Cluster": guarded("deletionProtection", "deletionProtection"),
          "aws:rds/instance:Instance": (props, resource) =>
            props.replicateSourceDb !== undefined ? undefined : guarded("deletionProtection", "deletionProtection")(props, resource),
          "aws:s3/bucketV2:BucketV2": store,
        }),
};
