/** The kinds Stack and Service: their specs. */
import { group, listOf, mapOf, oneOf, plainText } from "../../framework/model/fields.js";
import { ownerFields } from "../../framework/model/owner.js";
import { z } from "zod";
import { networkingSchema } from "../network/networking.js";
import { defineKind } from "./kind.js";
import { sharedSmokeTests } from "./smoke-tests.js";

const owner = group(ownerFields, "Who owns it; shown by status, plan, locks and notifications.");

const paths = (description: string) => listOf(plainText("A file."), description);
const path = (description: string) =>
  z
    .union([plainText(description), paths(description)])
    .meta({ description })
    .optional();
const variables = mapOf(plainText("The value."), "Variables for `${NAME}` in YAML.").optional();
const tags = mapOf(plainText("The value."), "Tags of all resources below.").optional();

/** Spec of a stack. */
export const stackSchema = z.strictObject({
  description: plainText("For people.").optional(),
  provider: group(
    {
      name: oneOf(["aws"], "The cloud."),
      region: plainText("The region, such as us-east-1."),
      accountId: plainText("The only account this stack may be deployed to.", { pattern: /^\d{12}$/, expected: "12 digits" }).optional(),
      profile: plainText("Profile of the AWS configuration; `aws.profile` of panka.config.yaml wins.").optional(),
      assumeRoleArn: plainText("Role that the provider takes.", { pattern: /^arn:/, expected: "the ARN of a role" }).optional(),
      regions: listOf(
        plainText("A region, such as eu-central-1."),
        "All regions that the stack is deployed to, `region` among them; each has a state and locks of its own. Default: `region` alone.",
      ).optional(),
    },
    "Where the stack is deployed.",
  ).optional(),
  infrastructure: group(
    {
      defaults: path("Files of InfraDefaults."),
      networking: path("Files of Networking."),
      security: path("Files of Security."),
      observability: path("Files of Observability."),
      compliance: path("Files of Compliance."),
    },
    "Further files with infra documents; those in the stack's folder are found without this.",
  ).optional(),
  variables,
  networking: group(
    {
      ...networkingSchema.shape,
      securityGroup: group(
        {
          ingress: networkingSchema.shape.defaultSecurityGroup.unwrap().shape.ingress,
          egress: networkingSchema.shape.defaultSecurityGroup.unwrap().shape.egress,
        },
        "Rules of the default security group.",
      ).optional(),
    },
    "Inline form of the Networking kind; a stack has one or the other.",
  ).optional(),
  environments: listOf(plainText("A name."), "Names of the environments; their settings are in panka.config.yaml.").optional(),
  owner: owner.optional(),
  smokeTests: sharedSmokeTests.optional(),
  tags,
});

/** Spec of a service. */
export const serviceSchema = z.strictObject({
  description: plainText("For people.").optional(),
  infrastructure: group(
    { defaults: path("Files of ServiceInfraDefaults.") },
    "Further files with infra documents of this service; those in the stack's folder are found without this.",
  ).optional(),
  variables,
  dependsOn: listOf(plainText("A service or a component."), "What must be ready before any component of this service.").optional(),
  owner: owner.optional(),
  smokeTests: sharedSmokeTests.optional(),
  tags,
});

/** Kind `Stack`. */
export const stackKind = defineKind({
  name: "Stack",
  group: "core",
  summary: "Unit of deployment and of the default lock.",
  schema: stackSchema,
  infra: [],
  outputs: {},
  stateful: false,
});

/** Kind `Service`. */
export const serviceKind = defineKind({
  name: "Service",
  group: "core",
  summary: "Group of components that one team owns.",
  schema: serviceSchema,
  infra: [],
  outputs: {},
  stateful: false,
});
