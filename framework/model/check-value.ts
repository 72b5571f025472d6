/** zod's check of a value, the cheaper way for how often a schema is used. */
import { z } from "zod";

/** Uses of a schema before zod compiles a check of its own for it: compiling costs about as much as that many checks without. */
const UNCOMPILED = 50;

const uses = new WeakMap<z.core.$ZodType, number>();

/** What `safeParse` of the schema gives. */
export function checkValue<S extends z.core.$ZodType>(schema: S, value: unknown): z.ZodSafeParseResult<z.output<S>> {
  const used = uses.get(schema) ?? 0;
  uses.set(schema, used + 1);
  return z.safeParse(schema, value, { jitless: used < UNCOMPILED });
}
