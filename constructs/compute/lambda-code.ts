/** Where a function's code comes from. */
import type { AssetRequest, ExpandContext, Value } from "../../framework/model/index.js";
import type { FunctionSpec } from "./lambda-function.js";

/** `code` as written. */
export interface CodeSpec {
  s3Bucket?: Value | undefined;
  s3Key?: Value | undefined;
  zipFile?: string | undefined;
  imageUri?: Value | undefined;
  path?: string | undefined;
  entry?: string | undefined;
}

/** Key of the function's asset. */
const CODE = "code";

/** The file or folder that the function ships. */
export function codeAssets(props: Pick<FunctionSpec, "code" | "handler" | "runtime">): AssetRequest[] {
  const { code } = props;
  if (code?.entry !== undefined) return [{ key: CODE, path: code.entry, how: "bundle" }];
  if (code?.path !== undefined) return [{ key: CODE, path: code.path, how: "zip" }];
  if (code?.zipFile !== undefined) return [{ key: CODE, path: "", how: "zip", inline: { file: inlineName(props), text: code.zipFile } }];
  return [];
}

/** The function's code properties; reports none or several sources. */
export function codeProps(props: FunctionSpec, ctx: ExpandContext): { [key: string]: Value } {
  const { code } = props;
  const given = [
    code.s3Bucket !== undefined || code.s3Key !== undefined ? "s3Bucket and s3Key" : undefined,
    ...(["zipFile", "imageUri", "path", "entry"] as const).map((k) => (code[k] === undefined ? undefined : k)),
  ].filter((k) => k !== undefined);
  if (given.length !== 1) {
    const what = given.length === 0 ? "the code is not given" : `the code is given more than once: ${given.join(", ")}`;
    ctx.error("code-source", what, "code", { expected: "one of s3Bucket and s3Key, zipFile, imageUri, path, entry" });
    return {};
  }
  for (const field of ["runtime", "handler", "layers"] as const)
    if (code.imageUri !== undefined && props[field] !== undefined)
      ctx.error("image-field", `${field} means nothing where the code is an image`, field, { next: `remove ${field}: the image has it` });
  if (code.imageUri !== undefined) return { packageType: "Image", imageUri: code.imageUri };
  for (const field of ["runtime", "handler"] as const)
    if (props[field] === undefined)
      ctx.error("missing-field", `${field} is missing`, field, {
        expected: field === "runtime" ? "such as nodejs20.x" : "such as index.handler",
      });
  const shared = { packageType: "Zip", runtime: props.runtime ?? "", handler: props.handler ?? "" };
  if (given[0] !== "s3Bucket and s3Key") return { ...shared, code: ctx.asset(CODE) };
  if (code.s3Bucket === undefined || code.s3Key === undefined)
    ctx.error("missing-field", "s3Bucket and s3Key go together", "code", { expected: "both" });
  return { ...shared, s3Bucket: code.s3Bucket ?? "", s3Key: code.s3Key ?? "" };
}

/** The file that inline source goes into: the handler's module, with the runtime's ending. */
function inlineName(props: Pick<FunctionSpec, "handler" | "runtime">): string {
  const handler = props.handler ?? "index.handler";
  const module = handler.slice(0, Math.max(0, handler.lastIndexOf("."))) || "index";
  const runtime = props.runtime ?? "nodejs";
  const ending = runtime.startsWith("python") ? "py" : runtime.startsWith("ruby") ? "rb" : "js";
  return `${module}.${ending}`;
}
