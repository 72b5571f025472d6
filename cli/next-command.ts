/** Makes the commands that a message says to type next be about the same stack and environment as the command that failed. */

/** Commands that take `-e` and `--stack`, as a message may name them. */
const ABOUT_A_STACK =
  /\bpanka (?:apply|approve|deploy|destroy|diff|doctor|graph|history|list|outputs|plan|rollback|show|status|synth|undo|unlock|validate|backend \w+|secret \w+|state \w+|tenant \w+)(?![\w-])/g;

/**
 * Puts the typed flags behind each command of `next` that does not name its own.
 * @param next one command or several, with words between: `panka state history, then panka state restore 4`
 * @param typed what the user typed; nothing is added for what is undefined
 */
export function withTypedFlags(next: string, typed: { environment: string | undefined; stack: string | undefined }): string {
  const starts = [...next.matchAll(/\bpanka /g)].map((m) => m.index);
  return next.replace(ABOUT_A_STACK, (command, at: number) => {
    const rest = next.slice(at, starts.find((start) => start > at) ?? next.length);
    const stack = typed.stack !== undefined && !/ --stack\b/.test(rest) ? ` --stack ${typed.stack}` : "";
    const environment = typed.environment !== undefined && !/ (?:-e|--environment)\b/.test(rest) ? ` -e ${typed.environment}` : "";
    return `${command}${stack}${environment}`;
  });
}
