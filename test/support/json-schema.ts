/** A validator of JSON Schema that has nothing to do with ours: Ajv. */

/** Says what does not fit; empty if all does. */
export type Validator = (value: unknown) => string[];

interface Compiled {
  (value: unknown): boolean;
  errors?: { instancePath: string; message?: string; params: object }[] | null;
}

/** Compiles a schema (draft 2020-12). Throws what is wrong with the schema itself. */
export async function validatorOf(schema: unknown): Promise<Validator> {
  const { Ajv2020 } = (await import("ajv/dist/2020.js" as string)) as {
    Ajv2020: new (options: object) => { compile(schema: unknown): Compiled };
  };
  const check = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, keywords: ["unit"], strictTypes: false }).compile(
    schema,
  );
  return (value) =>
    check(value) ? [] : (check.errors ?? []).map((e) => `${e.instancePath} ${e.message ?? ""} ${JSON.stringify(e.params)}`);
}
