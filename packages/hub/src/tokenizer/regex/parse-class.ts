import {
  type CodePointSet,
  complement,
  intersection,
  setOf,
  union,
} from "../unicode/code-point-set.js";
import { hasLongFold, withOtherCases } from "../unicode/letter-case.js";
import { posixClass } from "../unicode/oniguruma-classes.js";
import { parseEscape } from "./parse-escape.js";
import type { PatternReader } from "./reader.js";

interface ClassItem {
  readonly set: CodePointSet;
  /** Set for a single character, which may begin or end a range. */
  readonly code?: number;
}

/**
 * A bracketed class, after its opening bracket. With the ignore-case flag, letters are added before
 * the class is negated.
 */
export function parseClass(reader: PatternReader, ignoreCase: boolean): CodePointSet {
  const { isNegated, set } = parseBody(reader);
  if (!ignoreCase) return isNegated ? complement(set) : set;
  if (!isNegated && hasLongFold(set)) {
    throw reader.unsupported(
      "a class with a letter that equals several letters when case is ignored",
    );
  }
  const folded = withOtherCases(set);
  return isNegated ? complement(folded) : folded;
}

function parseBody(reader: PatternReader): { isNegated: boolean; set: CodePointSet } {
  const isNegated = reader.take("^");
  if (reader.peek() === "]") throw reader.unsupported("a class that begins with ]");
  const operands: CodePointSet[] = [];
  let operand: CodePointSet[] = [];
  while (!reader.take("]")) {
    if (reader.take("&&")) {
      operands.push(closeOperand(reader, operand));
      operand = [];
    } else {
      operand.push(parseItemOrRange(reader, operand.length === 0));
    }
  }
  const last = operands.length === 0 ? union(...operand) : closeOperand(reader, operand);
  const set = operands.reduce(intersection, last);
  // Inside another class, the reference treats the complement of a set that contains all non-ASCII
  // characters as the set of all characters.
  if (isNegated && intersection(complement(set), [0x80, 0x10ffff]).length === 0) {
    throw reader.unsupported("a negated class that contains all non-ASCII characters");
  }
  return { isNegated, set };
}

function closeOperand(reader: PatternReader, sets: readonly CodePointSet[]): CodePointSet {
  if (sets.length === 0) throw reader.unsupported("&& without a class on both sides");
  return union(...sets);
}

function parseItemOrRange(reader: PatternReader, isFirst: boolean): CodePointSet {
  const isHyphen = reader.peek() === "-";
  if (isHyphen && !isFirst && reader.peek(1) !== "]")
    throw reader.unsupported("a stray - in a class");
  const item = parseItem(reader);
  if (reader.peek() !== "-" || reader.peek(1) === "]") return item.set;
  if (item.code === undefined) throw reader.unsupported("a range that begins with a class");
  if (isHyphen) throw reader.unsupported("a range that begins with -");
  reader.next();
  const end = parseItem(reader);
  if (end.code === undefined || end.code < item.code) throw reader.unsupported("an empty range");
  return [item.code, end.code];
}

function parseItem(reader: PatternReader): ClassItem {
  if (reader.take("[:")) return { set: parsePosix(reader) };
  if (reader.take("[")) {
    const { isNegated, set } = parseBody(reader);
    return { set: isNegated ? complement(set) : set };
  }
  if (reader.peek() === "&" && reader.peek(1) === "&") throw reader.unsupported("&& in a range");
  if (!reader.take("\\")) return character(reader.next().codePointAt(0) ?? 0);
  if (reader.take("b")) return character(8);
  const escaped = parseEscape(reader, false);
  if (!escaped) throw reader.unsupported(`\\${reader.peek()} in a class`);
  return escaped.isClass ? { set: escaped.set } : character(escaped.set[0] ?? 0);
}

const character = (code: number): ClassItem => ({ set: setOf(code), code });

function parsePosix(reader: PatternReader): CodePointSet {
  const isNegated = reader.take("^");
  const name = reader.until(":]");
  const set = posixClass(name);
  if (!set) throw reader.unsupported(`the class [:${name}:]`);
  return isNegated ? complement(set) : set;
}
