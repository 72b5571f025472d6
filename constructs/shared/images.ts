/**
 * The stack's repository for the images that it builds, `_stack/images`: Amazon ECR, one for stack and environment. Tags are never
 * overwritten; images are scanned when pushed; the newest 50 of each component are kept. About $0.10 per GB and month.
 */
import type { ExpandContext, SharedKind, Value } from "../../framework/model/index.js";
import { policyDocument } from "../iam.js";
import { declared, resource } from "../base/resource.js";

/** What a component asks of it. */
export interface ImagesRequest {
  /** What the tags of its images begin with. */
  prefix: string;
  /** Lambda itself pulls them. */
  lambda?: boolean;
}

/** What it gets. */
export interface ImagesHandle {
  /** Host and path to push to. */
  url: Value;
  arn: Value;
  /** URNs that must stand before an image is used. */
  ready: string[];
}

/** Images of a component that are kept: as many releases can be rolled back to. */
const KEPT_IMAGES = 50;
/** Rules that a lifecycle policy may have (Amazon ECR quotas, "Rules per lifecycle policy"). Images of further components are kept for ever. */
const RULES = 50;

const REPOSITORY = "aws:ecr/repository:Repository";
const POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy";

/** The shared resource `images`. */
export const sharedImages: SharedKind = {
  name: "images",
  handle(request, ctx): ImagesHandle {
    const { lambda } = request as ImagesRequest;
    const { out } = declared(ctx, undefined, REPOSITORY);
    return { url: out("repositoryUrl"), arn: out("arn"), ready: lambda ? [ctx.urn("lambda", POLICY)] : [] };
  },
  expand(requests, ctx) {
    const asked = requests.map((r) => r.request as ImagesRequest);
    const repository = resource(ctx, undefined, REPOSITORY, {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      // Images are made again from their sources: the repository goes with the stack, full as it is.
      forceDelete: true,
      tags: ctx.tags,
    });
    const policy = { repository: repository.out("name"), policy: lifecycle([...new Set(asked.map((r) => r.prefix))].sort()) };
    // A repository has one policy: the old one, deleted last, would take the new one with it.
    resource(ctx, "lifecycle", "aws:ecr/lifecyclePolicy:LifecyclePolicy", policy, { options: { deleteBeforeReplace: true } });
    if (asked.some((r) => r.lambda)) lambdaPull(ctx, repository.out("name"));
    return { outputs: {} };
  },
};

function lifecycle(prefixes: readonly string[]): Value {
  const rules = prefixes.slice(0, RULES).map((prefix, i) => ({
    rulePriority: i + 1,
    description: `Keeps the newest ${KEPT_IMAGES} of ${prefix}`,
    selection: { tagStatus: "tagged", tagPrefixList: [prefix], countType: "imageCountMoreThan", countNumber: KEPT_IMAGES },
    action: { type: "expire" },
  }));
  return { $json: { rules } };
}

/** Lambda reads the image itself when it makes a function ready again (Lambda developer guide, "Amazon ECR permissions"). */
function lambdaPull(ctx: ExpandContext, repository: Value): void {
  const functions: Value = { $text: ["arn:aws:lambda:", ctx.regionValue, ":", ctx.accountId, ":function:*"] };
  resource(ctx, "lambda", POLICY, {
    repository,
    policy: policyDocument([
      {
        actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        principals: { Service: "lambda.amazonaws.com" },
        conditions: { ArnLike: { "aws:SourceArn": functions } },
      },
    ]),
  });
}
