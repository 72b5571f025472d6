/** Condition and update expressions of DynamoDB, as far as the lock table needs them. Anything else throws. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** An item. */
export type Item = Record<string, AttributeValue>;

/** Names and values that an expression may use. */
export interface Bindings {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Item | undefined;
}

const TOKEN =
  /\s*(attribute_not_exists|attribute_exists|AND|OR|NOT|<>|<=|>=|[=<>()+\-,]|:[A-Za-z0-9_]+|[#A-Za-z_][\w#]*(?:\.[#A-Za-z_][\w#]*)*)/y;

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`not understood: ${text}`);
    found.push(match[1] as string);
  }
  return found;
}

class Parser {
  private at = 0;
  constructor(
    private readonly list: string[],
    private readonly item: Item,
    private readonly with_: Bindings,
  ) {}

  condition(): boolean {
    let value = this.all();
    while (this.take("OR")) value = this.all() || value;
    return value;
  }

  end(): void {
    if (this.at < this.list.length) throw new Error(`not understood at ${this.list.slice(this.at).join(" ")}`);
  }

  /** `SET a = x, b = y` and `REMOVE a` */
  update(): Item {
    const changes: [string, AttributeValue | undefined][] = [];
    while (this.at < this.list.length) {
      if (this.take("SET")) {
        do {
          const path = this.next();
          this.expect("=");
          changes.push([path, this.sum()]);
        } while (this.take(","));
      } else {
        this.expect("REMOVE");
        do changes.push([this.next(), undefined]);
        while (this.take(","));
      }
    }
    const next = structuredClone(this.item);
    for (const [path, value] of changes) assign(next, this.parts(path), value);
    return next;
  }

  private all(): boolean {
    let value = this.one();
    while (this.take("AND")) value = this.one() && value;
    return value;
  }

  private one(): boolean {
    if (this.take("NOT")) return !this.one();
    if (this.take("(")) {
      const value = this.condition();
      this.expect(")");
      return value;
    }
    for (const name of ["attribute_not_exists", "attribute_exists"]) {
      if (!this.take(name)) continue;
      this.expect("(");
      const found = this.operand(this.next());
      this.expect(")");
      return (found !== undefined) === (name === "attribute_exists");
    }
    const left = this.operand(this.next());
    const sign = this.next();
    const right = this.operand(this.next());
    return left !== undefined && right !== undefined && compare(left, sign, right);
  }

  private sum(): AttributeValue {
    let value = this.operand(this.next());
    for (;;) {
      const sign = this.list[this.at];
      if (value === undefined) throw validation("the expression refers to an attribute that does not exist");
      if (sign !== "+" && sign !== "-") return value;
      this.at += 1;
      const by = Number(this.operand(this.next())?.N);
      value = { N: String(Number(value.N) + (sign === "+" ? by : -by)) };
    }
  }

  private operand(token: string): AttributeValue | undefined {
    if (token.startsWith(":")) return this.with_.ExpressionAttributeValues?.[token];
    let value: AttributeValue | undefined = { M: this.item };
    for (const part of this.parts(token)) value = value?.M?.[part];
    return value;
  }

  private parts(path: string): string[] {
    return path.split(".").map((part) => (part.startsWith("#") ? (this.with_.ExpressionAttributeNames?.[part] ?? part) : part));
  }

  private next(): string {
    const token = this.list[this.at++];
    if (token === undefined) throw new Error("the expression ends too early");
    return token;
  }

  private take(token: string): boolean {
    if (this.list[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new Error(`expected ${token}, found ${String(this.list[this.at])}`);
  }
}

function compare(left: AttributeValue, sign: string, right: AttributeValue): boolean {
  const numbers = left.N !== undefined && right.N !== undefined;
  const a = numbers ? Number(left.N) : left.S;
  const b = numbers ? Number(right.N) : right.S;
  if (a === undefined || b === undefined) return false;
  switch (sign) {
    case "=":
      return a === b;
    case "<>":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      throw new Error(`not a comparison: ${sign}`);
  }
}

function assign(item: Item, parts: string[], value: AttributeValue | undefined): void {
  let at = item;
  for (const part of parts.slice(0, -1)) {
    const inner = at[part]?.M;
    if (!inner) throw validation("the document path is not valid for an update");
    at = inner;
  }
  const last = parts.at(-1) as string;
  if (value === undefined) delete at[last];
  else at[last] = value;
}

function validation(message: string): Error {
  return Object.assign(new Error(message), { name: "ValidationException", $metadata: { httpStatusCode: 400 } });
}

/** Whether the condition holds for the item (`{}` where there is none). */
export function holds(condition: string | undefined, item: Item, bindings: Bindings): boolean {
  if (!condition) return true;
  const parser = new Parser(tokens(condition), item, bindings);
  const value = parser.condition();
  parser.end();
  return value;
}

/** The item as the update leaves it. */
export function updated(expression: string, item: Item, bindings: Bindings): Item {
  return new Parser(tokens(expression), item, bindings).update();
}
