/** .dockerignore: which files of a build context are sent, by Docker's rules (docs.docker.com/build/concepts/context, "Syntax"; moby/patternmatcher). */

/** Says whether a path is left out: relative to the context, `/` between its parts. */
export type IgnoreRule = (path: string) => boolean;

interface Pattern {
  /** `!`: brings back what an earlier line left out. */
  keeps: boolean;
  matches: RegExp;
}

/** The rule of a .dockerignore's text. The last line that matches a path, or a folder above it, decides. */
export function ignoreRule(text: string): IgnoreRule {
  const patterns = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .flatMap(parse);
  return (path) => patterns.reduce((left, { keeps, matches }) => (matches.test(path) ? !keeps : left), false);
}

/** True if some line brings files back, so that a folder which is left out must be searched all the same. */
export function hasExceptions(text: string): boolean {
  return text.split(/\r?\n/).some((line) => line.trim().startsWith("!"));
}

function parse(line: string): Pattern[] {
  if (line.startsWith("#")) return [];
  let glob = line.trim();
  const keeps = glob.startsWith("!");
  if (keeps) glob = glob.slice(1).trim();
  glob = cleaned(glob);
  if (glob === "" || glob === ".") return [];
  return [{ keeps, matches: new RegExp(`^${pattern(glob)}(/.*)?$`, "s") }];
}

/** As Go's filepath.Clean, relative to the context: no `.`, no `..`, no doubled, leading or trailing slash. */
function cleaned(glob: string): string {
  const parts: string[] = [];
  for (const part of glob.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** `*` and `?` stay within one name, `**` goes through any number of folders, `[a-z]` is a class, `\` takes the next character as it is. */
function pattern(glob: string): string {
  let out = "";
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i] as string;
    if (c === "*" && glob[i + 1] === "*") {
      i++;
      if (glob[i + 1] === "/") {
        i++;
        out += "(.*/)?";
      } else out += ".*";
    } else if (c === "*") out += "[^/]*";
    else if (c === "?") out += "[^/]";
    else if (c === "[" && glob.indexOf("]", i + 2) > 0) {
      const end = glob.indexOf("]", i + 2);
      const inner = glob
        .slice(i + 1, end)
        .replace(/\\(?!.)/g, "\\\\")
        .replace(/\[/g, "\\[");
      out += `[${inner}]`;
      i = end;
    } else if (c === "\\" && i + 1 < glob.length) {
      i++;
      out += escaped(glob[i] as string);
    } else out += escaped(c);
  }
  return out;
}

function escaped(c: string): string {
  return c.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
