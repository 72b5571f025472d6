/** Globs of `exclude` in the configuration: `*` within a name, `**` across folders, `?` one character. */

/** A test for paths relative to the project root, with `/`. A glob without `/` matches a name at any depth; one that names a folder takes all below it. */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map(toPattern);
  return (path) => patterns.some((p) => p.test(path));
}

function toPattern(glob: string): RegExp {
  const clean = glob.replace(/^\.\//, "").replace(/\/+$/, "");
  const body = clean.replace(/\*\*\/|\*\*|\*|\?|[^*?]+/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    return part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${clean.includes("/") ? "" : "(?:.*/)?"}${body}(?:/.*)?$`);
}
