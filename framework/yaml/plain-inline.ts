/** The part of the reader of plain YAML that stays on a line: keys, scalars, {} and []. */

/** Where a key or an item is (offset in the file), and the places inside its value if that is a map or a list. */
export interface Spot {
  offset: number;
  inner: Spots | undefined;
}

/** Places of a map's keys, or of a list's items. */
export type Spots = Map<string, Spot> | Spot[];

/** Thrown to give up. */
export const unusual = Symbol("unusual YAML");

/** Maps and lists inside each other; far below the limit of a file, so that the limit is checked in one place. */
const NESTING = 32;

/** A key that is text whether or not it is quoted, and its colon. */
export const KEY = /(?:([A-Za-z_$/][\w.$/-]{0,200})|"([^"\\\n]{0,200})"|'([^'\n]{0,200})'):(?=[ \n]|$)/y;
const DOUBLE_QUOTED = /"(?:[^"\\\n]|\\["\\/bfnrt])*"/y;
const SINGLE_QUOTED = /'(?:[^'\n]|'')*'/y;
/** The rest of a line. */
export const BLOCK_TEXT = /[^\n]+/y;
const FLOW_TEXT = /[^,[\]{}\n]+/y;

/** First characters that mean something in YAML; `-` does if a space follows. */
const INDICATOR = /^(?:[?:,[\]{}#&*!|>'"%@`]|-(?:[- ]|$))/;

/** Text within which something else may begin: a value, a comment. */
const MARK_INSIDE = /: |:$| #/;

/** How JavaScript writes a number; other spellings (`1.10`, `0x10`, `+1`) stay text. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[-+]\d+)?$/;

/** Code of a space. */
export const SPACE = 0x20;

/** Reads forward from a position; a caller has seen to what goes before it. Throws {@link unusual}. */
export class InlineReader {
  protected position = 0;
  protected depth = 0;
  /** Places inside the value that was read last. */
  protected inner: Spots | undefined;

  constructor(protected readonly source: string) {}

  /** A value that ends on its line. `text` matches as much of an unquoted one as there may be. */
  protected inline(text: RegExp): unknown {
    this.inner = undefined;
    switch (this.source[this.position]) {
      case "{":
        return this.flowMap();
      case "[":
        return this.flowList();
      case '"': {
        const quoted = this.take(DOUBLE_QUOTED);
        // These escapes are JSON's, too.
        return quoted.includes("\\") ? JSON.parse(quoted) : quoted.slice(1, -1);
      }
      case "'":
        return this.take(SINGLE_QUOTED).slice(1, -1).replaceAll("''", "'");
      default:
        return this.unquoted(text);
    }
  }

  private unquoted(pattern: RegExp): unknown {
    const start = this.position;
    const rest = this.take(pattern);
    const comment = pattern === BLOCK_TEXT ? rest.indexOf(" #") : -1;
    let length = comment < 0 ? rest.length : comment;
    while (rest.charCodeAt(length - 1) === SPACE) length--;
    const text = rest.slice(0, length);
    this.position = start + length;
    if (INDICATOR.test(text) || MARK_INSIDE.test(text)) throw unusual;
    if (text === "true") return true;
    if (text === "false") return false;
    if (text === "~" || text === "null" || text === "Null" || text === "NULL") return null;
    return NUMBER.test(text) && String(Number(text)) === text ? Number(text) : text;
  }

  private flowMap(): unknown {
    const out = Object.create(null) as Record<string, unknown>;
    const spots = new Map<string, Spot>();
    this.flow("}", () => {
      const offset = this.position;
      const key = this.key();
      if (key === undefined || spots.has(key)) throw unusual;
      this.skipSpaces();
      out[key] = this.inline(FLOW_TEXT);
      spots.set(key, { offset, inner: this.inner });
    });
    this.inner = spots;
    return out;
  }

  private flowList(): unknown {
    const out: unknown[] = [];
    const spots: Spot[] = [];
    this.flow("]", () => {
      const offset = this.position;
      out.push(this.inline(FLOW_TEXT));
      spots.push({ offset, inner: this.inner });
    });
    this.inner = spots;
    return out;
  }

  /** From the opening bracket to behind the closing one. */
  private flow(end: string, entry: () => void): void {
    this.enter();
    this.position++;
    this.skipSpaces();
    let more = this.source[this.position] !== end;
    while (more) {
      entry();
      this.skipSpaces();
      more = this.source[this.position] === ",";
      if (more) {
        this.position++;
        this.skipSpaces();
      }
    }
    if (this.source[this.position] !== end) throw unusual;
    this.position++;
    this.depth--;
  }

  /** The key here, if there is one; moves behind its colon. */
  protected key(): string | undefined {
    KEY.lastIndex = this.position;
    const match = KEY.exec(this.source);
    if (!match) return undefined;
    this.position = KEY.lastIndex;
    return match[1] ?? match[2] ?? match[3];
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source);
    if (!found) throw unusual;
    this.position = pattern.lastIndex;
    return found[0];
  }

  protected enter(): void {
    if (++this.depth > NESTING) throw unusual;
  }

  protected skipSpaces(): void {
    while (this.source.charCodeAt(this.position) === SPACE) this.position++;
  }
}
