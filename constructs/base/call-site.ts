/** Where in the user's program a construct was made: file, line and column, for messages. */
import { fileURLToPath } from "node:url";
import type { SourcePosition } from "../../framework/base/diagnostics.js";

/** A call site, read when it is needed: making the text of a stack trace is slow. */
export interface CallSite {
  position(): SourcePosition | undefined;
}

/** The place that called `callee`, a constructor or a method: frames above it and its own are left out. */
export function callSite(callee: object): CallSite {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, callee as () => void);
  Error.stackTraceLimit = limit;
  let found: SourcePosition | undefined | null = null;
  return {
    position() {
      if (found === null) found = parseFrame(holder.stack ?? "");
      return found;
    },
  };
}

/** The first frame of a stack trace, or undefined if it names no file. */
export function parseFrame(stack: string): SourcePosition | undefined {
  const match = /^\s+at (?:.*\()?((?:file:\/\/|\/|[A-Za-z]:[\\/])[^)\n]*?):(\d+):(\d+)\)?\s*$/m.exec(stack);
  if (!match) return undefined;
  const [, file = "", line, column] = match;
  return {
    file: file.startsWith("file://") ? fileURLToPath(file.replace(/\?[^?]*$/, "")) : file,
    line: Number(line),
    column: Number(column),
  };
}
