import { type CodePointSet, complement, setOf } from "../unicode/code-point-set.js";
import { bareWordCharacters, propertyClass } from "../unicode/oniguruma-classes.js";
import type { PatternReader } from "./reader.js";

const controls: Readonly<Record<string, number>> = {
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  a: 7,
  e: 27,
};

const classes: Readonly<Record<string, string>> = {
  w: "word",
  d: "digit",
  s: "space",
  h: "xdigit",
};

/**
 * Reads the escape after a backslash if it is one character or a class; returns undefined and reads
 * nothing otherwise. `isBare`: it is not in brackets.
 */
export function parseEscape(
  reader: PatternReader,
  isBare: boolean,
): { readonly set: CodePointSet; readonly isClass: boolean } | undefined {
  const letter = reader.peek();
  const posix = classes[letter.toLowerCase()];
  if (posix !== undefined) {
    reader.next();
    return {
      set: negatedIf(letter !== letter.toLowerCase(), namedClass(posix, isBare)),
      isClass: true,
    };
  }
  if (letter === "p" || letter === "P")
    return { set: parseProperty(reader, isBare), isClass: true };
  if (letter === "x" || letter === "u") return single(parseHexadecimal(reader));
  const control = controls[letter];
  if (control === undefined && /[A-Za-z0-9]/.test(letter)) return undefined;
  reader.next();
  return single(control ?? letter.codePointAt(0) ?? 0);
}

const single = (code: number): { set: CodePointSet; isClass: boolean } => ({
  set: setOf(code),
  isClass: false,
});

const negatedIf = (isNegated: boolean, set: CodePointSet = []): CodePointSet =>
  isNegated ? complement(set) : set;

function namedClass(name: string, isBare: boolean): CodePointSet | undefined {
  return isBare && /^[ _-]*w[ _-]*o[ _-]*r[ _-]*d[ _-]*$/i.test(name)
    ? bareWordCharacters()
    : propertyClass(name);
}

/** `p{name}`, `P{name}`, `p{^name}` */
function parseProperty(reader: PatternReader, isBare: boolean): CodePointSet {
  const isUpper = reader.next() === "P";
  if (!reader.take("{")) throw reader.unsupported("\\p without braces");
  const isNegated = reader.take("^");
  const name = reader.until("}");
  const set = namedClass(name, isBare);
  if (set === undefined) throw reader.unsupported(`the property ${name}`);
  return negatedIf(isUpper !== isNegated, set);
}

/** `xHH` below 80, `x{H…}`, `uHHHH` */
function parseHexadecimal(reader: PatternReader): number {
  const isUnicode = reader.next() === "u";
  const isBraced = !isUnicode && reader.take("{");
  const digits = isBraced
    ? reader.until("}")
    : Array.from({ length: isUnicode ? 4 : 2 }, () => reader.next()).join("");
  const code = /^[0-9a-fA-F]{1,8}$/.test(digits) ? Number.parseInt(digits, 16) : Infinity;
  const isByte = !isUnicode && !isBraced;
  if (code > (isByte ? 0x7f : 0x10ffff) || (code >= 0xd800 && code < 0xe000)) {
    throw reader.unsupported(`the code ${digits}`);
  }
  return code;
}
