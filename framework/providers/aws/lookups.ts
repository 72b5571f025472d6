/** Data sources. */
import type { Diagnostic } from "../../base/diagnostics.js";
import { type LookupSchema, ProviderError, type Props } from "../../model/index.js";
import { decodeObject } from "./bridge/decode.js";
import { encodeObject } from "./bridge/encode.js";
import { callFailed, failed, invalidInputs } from "./failures.js";
import { fromDynamic, toDynamic, type WireObject } from "./protocol/codec.js";
import type { Session } from "./session.js";

/**
 * Reads a data source; arguments and result in Pulumi spelling.
 * @throws ProviderError `not-found` when there is no such thing, `invalid` when the arguments are wrong
 */
export async function readLookup(session: Session, schema: LookupSchema, args: Props): Promise<Props> {
  const problems: Diagnostic[] = [];
  const config = toDynamic(encodeObject({ ...schema, idFrom: [] }, args, "config", problems));
  if (problems.length) throw invalidInputs(schema.token, problems);
  const checked = await session.call("ValidateDataSourceConfig", { type_name: schema.wire, config });
  if (failed(checked.diagnostics)) {
    const error = callFailed(checked.diagnostics, schema.properties);
    throw new ProviderError("invalid", error.message, { diagnostics: error.diagnostics });
  }
  const answer = await session.call("ReadDataSource", { type_name: schema.wire, config });
  if (failed(answer.diagnostics)) throw callFailed(answer.diagnostics, schema.properties);
  const state = fromDynamic(answer.state) as WireObject | null;
  if (!state) throw new ProviderError("not-found", `${schema.token} found nothing`);
  return decodeObject(schema.properties, state).outputs;
}
