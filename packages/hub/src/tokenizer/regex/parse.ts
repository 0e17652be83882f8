import { complement, everything, setOf } from "../unicode/code-point-set.js";
import { hasLongFold, holdsLongFold, withOtherCases } from "../unicode/letter-case.js";
import { parseClass } from "./parse-class.js";
import { parseEscape } from "./parse-escape.js";
import { parseQuantifiers } from "./parse-quantifier.js";
import { anyOf } from "./pattern-parts.js";
import { PatternReader } from "./reader.js";
import {
  type Anchor,
  type CharacterSet,
  canBeEmpty,
  fixedLength,
  keepsMatches,
  type Pattern,
} from "./syntax-tree.js";

interface Options {
  readonly ignoreCase: boolean;
  /** Whether `.` matches a newline. */
  readonly dotAll: boolean;
}

const anchors: Readonly<Record<string, Anchor>> = {
  A: "textStart",
  z: "textEnd",
  Z: "textEndOrLastNewline",
  b: "wordBoundary",
  B: "noWordBoundary",
};

const looks: readonly (readonly [string, boolean, boolean])[] = [
  ["?=", false, false],
  ["?!", false, true],
  ["?<=", true, false],
  ["?<!", true, true],
];

const allExcept = (code: number): CharacterSet => anyOf(complement(setOf(code)));

/**
 * Reads a pattern in the syntax of Oniguruma (Ruby's), as the reference does. Throws an Error that
 * names the pattern and an unsupported construct.
 */
export function parsePattern(source: string): Pattern {
  const reader = new PatternReader(source);
  const pattern = parseChoice(reader, { ignoreCase: false, dotAll: false });
  if (!reader.isAtEnd) throw reader.unsupported("an unmatched )");
  return pattern;
}

function parseChoice(reader: PatternReader, options: Options): Pattern {
  const items = [parseSequence(reader, options)];
  while (reader.take("|")) items.push(parseSequence(reader, options));
  const [only] = items;
  return items.length === 1 && only ? only : { kind: "choice", items };
}

function parseSequence(reader: PatternReader, options: Options): Pattern {
  const items: Pattern[] = [];
  while (!reader.isAtEnd && reader.peek() !== "|" && reader.peek() !== ")") {
    const item = parseItem(reader, options);
    const repeated = parseQuantifiers(reader, item);
    refuseEmptyLoops(reader, repeated);
    items.push(repeated);
  }
  const sequence: Pattern = { kind: "sequence", items };
  if (options.ignoreCase && holdsLongFold(foldedLetters(sequence))) {
    throw reader.unsupported("letters that together equal one letter when case is ignored");
  }
  const [only] = items;
  return items.length === 1 && only ? only : sequence;
}

/** The reference and JavaScript leave such a loop differently. */
function refuseEmptyLoops(reader: PatternReader, pattern: Pattern): void {
  if (pattern.kind !== "repeat") return;
  if (pattern.max > 1 && canBeEmpty(pattern.item)) {
    throw reader.unsupported("a repeated part that can be empty");
  }
  refuseEmptyLoops(reader, pattern.item);
}

/** The consecutive letters whose case is ignored; an empty set stands for anything between them. */
function foldedLetters(pattern: Pattern): CharacterSet["set"][] {
  switch (pattern.kind) {
    case "set":
      return [pattern.isFolded ? pattern.set : []];
    case "sequence":
      return pattern.items.flatMap(foldedLetters);
    case "repeat": {
      const times = Math.min(pattern.min, pattern.max === pattern.min ? 3 : 1);
      return [...Array.from({ length: times }, () => foldedLetters(pattern.item)).flat(), []];
    }
    default:
      return [[]];
  }
}

function parseItem(reader: PatternReader, options: Options): Pattern {
  const character = reader.next();
  switch (character) {
    case "(":
      return parseGroup(reader, options);
    case "[":
      return anyOf(parseClass(reader, options.ignoreCase));
    case ".":
      return options.dotAll ? anyOf(everything) : allExcept(10);
    case "^":
      return { kind: "anchor", anchor: "lineStart" };
    case "$":
      return { kind: "anchor", anchor: "lineEnd" };
    case "\\":
      return parseEscapedItem(reader, options);
    case "*":
    case "+":
    case "?":
      throw reader.unsupported(`a ${character} with nothing before it`);
    default:
      return letter(reader, character.codePointAt(0) ?? 0, options);
  }
}

function letter(reader: PatternReader, code: number, { ignoreCase }: Options): Pattern {
  const set = setOf(code);
  if (!ignoreCase) return anyOf(set);
  if (hasLongFold(set))
    throw reader.unsupported("a letter that equals several letters when case is ignored");
  return anyOf(withOtherCases(set), true);
}

function parseEscapedItem(reader: PatternReader, options: Options): Pattern {
  const code = reader.peek();
  const anchor = Object.hasOwn(anchors, code) ? anchors[code] : undefined;
  if (anchor) {
    reader.next();
    return { kind: "anchor", anchor };
  }
  if (reader.take("N")) return allExcept(10);
  if (reader.take("O")) return anyOf(everything);
  if (reader.take("R")) return newline;
  const escaped = parseEscape(reader, true);
  if (!escaped) throw reader.unsupported(`\\${code}`);
  return escaped.isClass ? anyOf(escaped.set) : letter(reader, escaped.set[0] ?? 0, options);
}

const newline: Pattern = {
  kind: "atomic",
  item: {
    kind: "choice",
    items: [
      { kind: "sequence", items: [anyOf(setOf(13)), anyOf(setOf(10))] },
      anyOf([10, 13, 0x85, 0x85, 0x2028, 0x2029]),
    ],
  },
};

function parseGroup(reader: PatternReader, options: Options): Pattern {
  for (const [mark, isBehind, isNegative] of looks) {
    if (reader.take(mark)) {
      const item = parseGroupBody(reader, options);
      if (isBehind && keepsMatches(item)) {
        throw reader.unsupported("an atomic group in a look-behind");
      }
      const alternatives = item.kind === "choice" ? item.items : [item];
      if (isBehind && alternatives.some((part) => fixedLength(part) === undefined)) {
        throw reader.unsupported("a look-behind without a fixed length");
      }
      return { kind: "look", item, isBehind, isNegative };
    }
  }
  if (reader.take("?>")) return { kind: "atomic", item: parseGroupBody(reader, options) };
  if (reader.take("?<")) {
    const name = reader.until(">");
    if (!/^[A-Za-z_]\w*$/.test(name)) throw reader.unsupported(`a group (?<${name}>`);
    return parseGroupBody(reader, options);
  }
  if (reader.take("?")) return parseOptions(reader, options);
  return parseGroupBody(reader, options);
}

/**
 * `(?i)` applies until the end of its enclosing group, alternatives included; `(?i:…)` applies
 * inside.
 */
function parseOptions(reader: PatternReader, outer: Options): Pattern {
  let { ignoreCase, dotAll } = outer;
  let isOn = true;
  for (let letter = reader.next(); letter !== ":"; letter = reader.next()) {
    if (letter === ")") return parseChoice(reader, { ignoreCase, dotAll });
    if (letter === "-") isOn = false;
    else if (letter === "i") ignoreCase = isOn;
    else if (letter === "m") dotAll = isOn;
    else throw reader.unsupported(`a group (?${letter}`);
  }
  return parseGroupBody(reader, { ignoreCase, dotAll });
}

function parseGroupBody(reader: PatternReader, options: Options): Pattern {
  const body = parseChoice(reader, options);
  if (!reader.take(")")) throw reader.unsupported("an unmatched (");
  return body;
}
