/** Amazon ECR. */
import type { ParentRule, RuleTable } from "../rules.js";

const repository: ParentRule = { types: ["aws:ecr/repository:Repository"], by: ["name", "id"], code: "RepositoryNotFoundException" };

/** Rules by token. */
export const IMAGES: RuleTable = {
  "aws:ecr/repository:Repository": {
    id: "{name}",
    arn: "arn:{partition}:ecr:{region}:{account}:repository/{name}",
    computed: { registryId: "{account}", repositoryUrl: "{account}.dkr.ecr.{region}.amazonaws.com/{name}" },
    unique: [{ by: ["name"], code: "RepositoryAlreadyExistsException" }],
    notRead: ["forceDelete"],
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    id: "{repository}",
    computed: { registryId: "{account}" },
    unique: [{ by: ["repository"], existing: "overwrite", code: "" }],
    parents: { repository },
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": {
    id: "{repository}",
    computed: { registryId: "{account}" },
    unique: [{ by: ["repository"], existing: "overwrite", code: "" }],
    parents: { repository },
  },
};
