/**
 * The entry point `panka/aws`: every resource type of AWS, typed by its token. Needs @pulumi/aws for its types only.
 *
 *   import { AwsResource } from "panka/aws";
 *   const database = new AwsResource(service, "events", "aws:glue/catalogDatabase:CatalogDatabase", { name: "events" });
 *   new Worker(service, "loader", { image, environment: { CATALOG: database.out("name") } });
 */
import type * as aws from "@pulumi/aws";
import type { z } from "zod";
import type { Ref, Text } from "../framework/model/index.js";
import type { resourceSchema } from "./base/aws-resource-kind.js";
import type { PropsOf } from "./base/common.js";
import { Component } from "./base/component.js";
import type { Service } from "./base/service.js";

type Aws = typeof aws;

/** A resource class of @pulumi/aws. */
type AnyClass = abstract new (...args: never[]) => object;

/** The class that a token names: `aws:sqs/queue:Queue` is `aws.sqs.Queue`; module `index` is the package itself. */
type ClassOf<T extends string> = T extends `aws:${infer M}/${string}:${infer C}`
  ? M extends "index"
    ? C extends keyof Aws
      ? Aws[C]
      : never
    : M extends keyof Aws
      ? C extends keyof Aws[M]
        ? Aws[M][C]
        : never
      : never
  : never;

/** The part of a Pulumi `Input<T>` that is known only when Pulumi runs. */
type Deferred = Promise<unknown> | { apply: unknown };

/** `Input<T>` as a stack writes it: literals, and at any level references and text with references. */
export type Written<T> = T extends Deferred
  ? never
  : T extends string | number | boolean | null | undefined
    ? T | Ref | Text
    : T extends readonly (infer U)[]
      ? Written<U>[] | Ref
      : T extends object
        ? { [K in keyof T]: Written<T[K]> } | Ref
        : never;

/** Inputs of the type that a token names; `never` if there is none of that name. */
export type AwsProps<T extends string> = [ClassOf<T>] extends [never]
  ? never
  : ClassOf<T> extends infer C extends AnyClass
    ? { [K in keyof NonNullable<ConstructorParameters<C>[1]>]: Written<NonNullable<ConstructorParameters<C>[1]>[K]> }
    : never;

/** Outputs of the type that a token names. */
export type AwsOutput<T extends string> = [ClassOf<T>] extends [never]
  ? never
  : ClassOf<T> extends infer C extends AnyClass
    ? Exclude<keyof InstanceType<C>, "urn" | "getProvider"> & string
    : string;

/** Settings beside the type's own properties. */
export interface AwsResourceSettings extends Omit<PropsOf<typeof resourceSchema>, "type" | "props"> {}

/** Any resource type of AWS. */
export class AwsResource<const T extends string> extends Component {
  /**
   * @param type the Pulumi token, such as `aws:sqs/queue:Queue`
   * @param props its inputs in @pulumi/aws's spelling
   */
  constructor(service: Service, name: string, type: T, props: AwsProps<T>, settings: AwsResourceSettings = {}) {
    const spec: z.input<typeof resourceSchema> = { ...settings, type, props: props as z.input<typeof resourceSchema>["props"] };
    super("Resource", service, name, spec);
  }

  /** A reference to one of the type's outputs. */
  out(name: AwsOutput<T>): Ref {
    return this.output(name);
  }
}
