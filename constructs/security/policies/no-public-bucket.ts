/** Policy no-public-bucket. */
import type { ResourceSpec } from "../../../framework/model/index.js";
import { eachOf, type Policy } from "./policy.js";

const SWITCHES = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

/** All four switches of every bucket's public access block are on, and no ACL opens it. */
export const noPublicBucket: Policy = {
  id: "no-public-bucket",
  asks: "no bucket can be read or written by everybody; serve files through a CloudFront instead",
  findings: (stack) =>
    eachOf(stack, {
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (props) => {
        const off = SWITCHES.filter((name) => props[name] !== true);
        return off.length === 0
          ? undefined
          : {
              path: `publicAccessBlock.${off[0]}`,
              message: `the bucket's public access block is off in ${off.join(", ")}`,
              expected: "true",
            };
      },
      "aws:s3/bucketAclV2:BucketAclV2": (props: ResourceSpec["props"]) =>
        typeof props.acl === "string" && props.acl.startsWith("public-")
          ? { path: "bucket.acl", message: `the bucket's ACL is ${props.acl}`, expected: "private" }
          : undefined,
    }),
};
