/**
 * Reads YAML that is written the way nearly all of it is: block maps and lists, one-line scalars, one-line `{}` and `[]`, comments. Ten
 * times as fast as the whole of YAML. At the first thing that it is not sure of (anchors, tags, block scalars, tabs, errors ...) it
 * gives up, and the file is read by the `yaml` package, which also says what is wrong with it.
 */
import { BLOCK_TEXT, InlineReader, KEY, SPACE, type Spot, type Spots, unusual } from "./plain-inline.js";

/** One document of a file. */
export interface PlainDocument {
  /** JSON data; maps have no prototype. */
  value: unknown;
  /** Offset of the first key or item. */
  start: number;
  spots: Spots;
}

/** The documents of a file, or undefined if any part of it is written in another way. `onLine` gets the offset of each line's start. */
export function readPlain(source: string, onLine: (offset: number) => void): PlainDocument[] | undefined {
  if (UNUSUAL_CHARACTER.test(source)) return undefined;
  try {
    return new Reader(source, onLine).documents();
  } catch (error) {
    if (error === unusual) return undefined;
    throw error;
  }
}

/** Control characters, tabs, carriage returns, byte order marks, and the line ends of Unicode. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNUSUAL_CHARACTER = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;

const LINE_END = 0x0a;
const HASH = 0x23;
const DASH = 0x2d;

/** Stands at the first character of a line's content between any two nodes of block style. */
class Reader extends InlineReader {
  /** Column of `position`, from 0; -1 at the end of a document. */
  private column = 0;

  constructor(
    source: string,
    private readonly onLine: (offset: number) => void,
  ) {
    super(source);
  }

  documents(): PlainDocument[] {
    const out: PlainDocument[] = [];
    this.startLine(0);
    do {
      if (this.atMarker()) {
        this.position += 3;
        this.endLine();
      }
      const start = this.position;
      const value = this.block(this.column);
      if (this.column !== -1 || this.inner === undefined) throw unusual;
      out.push({ value, start, spots: this.inner });
    } while (this.position < this.source.length);
    return out;
  }

  private block(column: number): unknown {
    if (column < 0) throw unusual;
    return this.atDash() ? this.list(column) : this.map(column);
  }

  private map(column: number): unknown {
    const out = Object.create(null) as Record<string, unknown>;
    const spots = new Map<string, Spot>();
    this.enter();
    while (this.column === column) {
      const offset = this.position;
      const key = this.key();
      if (key === undefined || spots.has(key)) throw unusual;
      out[key] = this.afterColon(column);
      spots.set(key, { offset, inner: this.inner });
    }
    this.leave(column, spots);
    return out;
  }

  /** What follows the colon of a key in a block map. */
  private afterColon(column: number): unknown {
    this.skipSpaces();
    if (!this.atLineEnd()) return this.restOfLine();
    this.endLine();
    if (this.column > column) return this.block(this.column);
    if (this.column === column && this.atDash()) return this.list(column);
    this.inner = undefined;
    return null;
  }

  private list(column: number): unknown {
    const out: unknown[] = [];
    const spots: Spot[] = [];
    this.enter();
    while (this.column === column && this.atDash()) {
      const dash = this.position++;
      this.skipSpaces();
      if (this.atLineEnd()) {
        this.endLine();
        if (this.column <= column) throw unusual;
      } else this.column = column + this.position - dash;
      const offset = this.position;
      out.push(this.item());
      spots.push({ offset, inner: this.inner });
    }
    this.leave(column, spots);
    return out;
  }

  private item(): unknown {
    if (this.atDash()) return this.list(this.column);
    KEY.lastIndex = this.position;
    if (KEY.test(this.source)) return this.map(this.column);
    return this.restOfLine();
  }

  private restOfLine(): unknown {
    const value = this.inline(BLOCK_TEXT);
    this.endLine();
    return value;
  }

  /** What follows a map or list of block style must stand further left. */
  private leave(column: number, spots: Spots): void {
    if (this.column > column) throw unusual;
    this.inner = spots;
    this.depth--;
  }

  /** True where nothing but a comment is left on the line. */
  private atLineEnd(): boolean {
    const c = this.source.charCodeAt(this.position);
    return c === LINE_END || this.position >= this.source.length || (c === HASH && this.source.charCodeAt(this.position - 1) === SPACE);
  }

  private endLine(): void {
    this.skipSpaces();
    if (!this.atLineEnd()) throw unusual;
    const end = this.source.indexOf("\n", this.position);
    this.startLine(end < 0 ? this.source.length : end + 1);
  }

  /** Moves to the first line with content at `offset` or behind. */
  private startLine(offset: number): void {
    for (let start = offset; ; ) {
      this.onLine(start);
      this.position = start;
      this.skipSpaces();
      this.column = this.position - start;
      const c = this.source.charCodeAt(this.position);
      if (this.position >= this.source.length || this.atMarker()) this.column = -1;
      else if (c === LINE_END || c === HASH) {
        const end = this.source.indexOf("\n", this.position);
        start = end < 0 ? this.source.length : end + 1;
        continue;
      }
      return;
    }
  }

  /** `---` as the first of a line. */
  private atMarker(): boolean {
    if (!this.source.startsWith("---", this.position)) return false;
    if (this.position > 0 && this.source.charCodeAt(this.position - 1) !== LINE_END) return false;
    const next = this.source.charCodeAt(this.position + 3);
    return next === SPACE || next === LINE_END || Number.isNaN(next);
  }

  /** At the dash of a list item. */
  private atDash(): boolean {
    if (this.source.charCodeAt(this.position) !== DASH) return false;
    const next = this.source.charCodeAt(this.position + 1);
    return next === SPACE || next === LINE_END || Number.isNaN(next);
  }
}
