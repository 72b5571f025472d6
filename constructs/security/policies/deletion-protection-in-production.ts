/** Policy deletion-protection-in-production. */
import { eachOf, type Finding, type Policy } from "./policy.js";

type Check = Parameters<typeof eachOf>[1][string];

const guarded =
  (property: string | undefined, path: string): Check =>
  (props, { options }): Omit<Finding, "address"> | undefined => {
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
