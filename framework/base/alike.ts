/** Reasons that say the same of different things. */

/** The reason that most share: what names one task, address or resource is not compared. The words are those of the last. */
export function mostAlike(reasons: readonly string[]): { count: number; words: string } {
  const groups = new Map<string, string[]>();
  for (const reason of reasons) {
    const key = reason.replaceAll(/arn:\S+|[0-9a-f]{8,}|\d+\.\d+\.\d+\.\d+/g, "*");
    groups.set(key, [...(groups.get(key) ?? []), reason]);
  }
  const most = [...groups.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  return { count: most.length, words: most.at(-1) ?? "" };
}

/** `a task of the new version ended: <why>`, `2 tasks of the new version ended alike: <why>`. */
export function endedWords(count: number, why: string): string {
  return count === 1 ? `a task of the new version ended: ${why}` : `${count} tasks of the new version ended alike: ${why}`;
}
