/**
 * The entry point `panka/pulumi`: resources of any Pulumi package beside constructs, by their class. They need `engine: pulumi`.
 *
 *   import { RandomPet } from "@pulumi/random";
 *   import { PulumiResource } from "panka/pulumi";
 *   const pet = new PulumiResource(service, "pet", RandomPet, { prefix: jobs.queueName });
 *   new Worker(service, "loader", { image, environment: { PET: pet.out("id") } });
 */
import { usageError } from "../framework/base/errors.js";
import type { Ref } from "../framework/model/index.js";
import type { AwsResourceSettings, Written } from "./aws.js";
import { Component } from "./base/component.js";
import type { Service } from "./base/service.js";

/** A resource class as Pulumi's packages export them. */
type ResourceClass = abstract new (name: string, args: never, ...rest: never[]) => object;

/** Inputs of a class, with references at any level. */
export type PulumiProps<C extends ResourceClass> = Written<NonNullable<ConstructorParameters<C>[1]>>;

/** A resource of any Pulumi package. */
export class PulumiResource<C extends ResourceClass> extends Component {
  /**
   * @param type the class, such as `RandomPet` of @pulumi/random. No object of it is made here; Pulumi does that when it deploys.
   * @param props its inputs
   * @param settings how it is treated: protect, ignoreChanges, timeouts ...
   * @throws a usage error (exit 2) for a class that names no type
   */
  constructor(service: Service, name: string, type: C, props: PulumiProps<C>, settings: AwsResourceSettings = {}) {
    super("Resource", service, name, { ...settings, type: tokenOf(type), props });
  }

  /** A reference to one of the class's outputs. */
  out(name: Exclude<keyof InstanceType<C>, "urn"> & string): Ref {
    return this.output(name);
  }
}

/** The token that a generated class carries. */
function tokenOf(type: ResourceClass): string {
  const token = (type as { __pulumiType?: unknown }).__pulumiType;
  if (typeof token === "string") return token;
  throw usageError("no-pulumi-type", `${type.name || "this"} is no resource class of a Pulumi package: it names no type`, {
    next: "use a class that a Pulumi package exports; component resources and dynamic providers are not supported",
  });
}
