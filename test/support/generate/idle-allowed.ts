/** Fields that may be changed without a change of the assembly, each with what they act on instead. */

/** Of every kind: field -> why. */
const EVERYWHERE: { [field: string]: string } = {
  description: "for people",
  variables: "acts where a document names the variable",
  "owner.team": "shown by status, plan and locks",
  "owner.email": "shown by status, plan and locks",
  "owner.slack": "shown by status, plan and locks",
};

/** In documents for many components, none of which has to run on EC2. */
const INSTANCES = Object.fromEntries(
  ["type", "spotTypes", "min", "max"].map((field) => [`capacity.instances.${field}`, "acts on components with runtime.platform: ec2"]),
);

/** Kind -> field -> why. */
const OF_KIND: { [kind: string]: { [field: string]: string } } = {
  Stack: {
    "provider.accountId": "compared with the account before anything is touched",
    "provider.profile": "credentials of the run",
    "provider.assumeRoleArn": "credentials of the run",
    "infrastructure.defaults": "names files to read",
    "infrastructure.networking": "names files to read",
    "infrastructure.security": "names files to read",
    "infrastructure.observability": "names files to read",
    "infrastructure.compliance": "names files to read",
    environments: "names that validate checks",
  },
  Service: { "infrastructure.defaults": "names files to read" },
  Compliance: {
    "approval.required": "asked for by deploy and destroy",
    "approval.environments": "asked for by deploy and destroy",
    "approval.by": "asked for by deploy and destroy",
  },
  ComponentInfra: INSTANCES,
  InfraDefaults: INSTANCES,
  ServiceInfraDefaults: INSTANCES,
  EC2Instance: { port: "acts on the components that refer to the instance" },
  RDS: {
    "database.passwordSecret.envVar": "acts on the components that refer to the database",
    "global.writeForwarding": "acts in the other regions of a stack that has several",
  },
};

/** Words of one meaning, by kind and field; `*` is every kind. Upper and lower case are one word anyway. */
const SYNONYMS: { [field: string]: readonly (readonly string[])[] } = {
  protocol: [["all", "-1"]],
  // Off says nothing, warn only says it.
  separation: [["off", "warn"]],
  auth: [["iam", "AWS_IAM"]],
  architecture: [["x86_64", "amd64"]],
};

/** Why a field may be idle; undefined if it may not. */
export function idleReason(kind: string, field: string): string | undefined {
  return OF_KIND[kind]?.[field] ?? EVERYWHERE[field];
}

/** True if all the words of a field, as JSON, mean one thing. */
export function areSynonyms(field: string, words: readonly string[]): boolean {
  const name = field.split(".").pop() ?? field;
  return (SYNONYMS[name] ?? []).some((group) => words.every((word) => group.includes(JSON.parse(word) as string)));
}
