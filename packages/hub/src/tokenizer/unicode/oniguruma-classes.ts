import { type CodePointSet, complement, everything, setOf, union } from "./code-point-set.js";
import { decodeRuns, decodeSet, selectRuns } from "./decode.js";
import * as encoded from "./generated/categories.js";
import { scriptNames, scriptRuns } from "./generated/scripts.js";
import { lazy } from "./lazy.js";
import { whiteSpace } from "./sets.js";

const categoryRuns = lazy(() => decodeRuns(encoded.categoryRuns));
const categoryNames = encoded.categoryNames.split(" ");

const known = new Map<string, CodePointSet>();

/** Characters of the categories whose names begin with one of these. */
function categories(...prefixes: readonly string[]): CodePointSet {
  const key = prefixes.join();
  const found = known.get(key);
  if (found) return found;
  const isChosen = categoryNames.map((name) => prefixes.some((prefix) => name.startsWith(prefix)));
  const set = selectRuns(categoryRuns(), (value) => isChosen[value] === true);
  known.set(key, set);
  return set;
}

const alphabetic = lazy(() => union(categories("L", "Nl"), decodeSet(encoded.otherAlphabetic)));

/** `\w` of Oniguruma in a class. */
export const wordCharacters: () => CodePointSet = lazy(() =>
  union(alphabetic(), categories("M", "Nd", "Pc")),
);

/** `\w` and `\p{Word}` of Oniguruma outside a class: Latin-1's ² ³ ¹ ¼ ½ ¾ are added. */
export const bareWordCharacters: () => CodePointSet = lazy(() =>
  union(wordCharacters(), [0xb2, 0xb3, 0xb9, 0xb9, 0xbc, 0xbe]),
);

const ascii: CodePointSet = [0, 0x7f];

const visible = (): CodePointSet => complement(union(categories("Cc", "Cn"), whiteSpace()));

/**
 * Classes with POSIX names; Oniguruma gives `\p{…}` the same meaning for all of them except
 * `punct`.
 */
const posix: Readonly<Record<string, () => CodePointSet>> = {
  alnum: () => union(alphabetic(), categories("Nd")),
  alpha: alphabetic,
  ascii: () => ascii,
  blank: () => union(categories("Zs"), setOf(9)),
  cntrl: () => categories("Cc"),
  digit: () => categories("Nd"),
  graph: visible,
  lower: () => union(categories("Ll"), decodeSet(encoded.otherLowercase)),
  print: () => union(visible(), categories("Zs")),
  punct: () => categories("P", "S"),
  space: whiteSpace,
  upper: () => union(categories("Lu"), decodeSet(encoded.otherUppercase)),
  word: wordCharacters,
  xdigit: () => union([0x30, 0x39], [0x41, 0x46], [0x61, 0x66]),
};

const longCategoryNames: Readonly<Record<string, string>> = {
  other: "C",
  control: "Cc",
  format: "Cf",
  unassigned: "Cn",
  privateuse: "Co",
  letter: "L",
  lowercaseletter: "Ll",
  modifierletter: "Lm",
  otherletter: "Lo",
  titlecaseletter: "Lt",
  uppercaseletter: "Lu",
  mark: "M",
  combiningmark: "M",
  spacingmark: "Mc",
  enclosingmark: "Me",
  nonspacingmark: "Mn",
  number: "N",
  decimalnumber: "Nd",
  letternumber: "Nl",
  othernumber: "No",
  punctuation: "P",
  connectorpunctuation: "Pc",
  dashpunctuation: "Pd",
  closepunctuation: "Pe",
  finalpunctuation: "Pf",
  initialpunctuation: "Pi",
  otherpunctuation: "Po",
  openpunctuation: "Ps",
  symbol: "S",
  currencysymbol: "Sc",
  modifiersymbol: "Sk",
  mathsymbol: "Sm",
  othersymbol: "So",
  separator: "Z",
  lineseparator: "Zl",
  paragraphseparator: "Zp",
  spaceseparator: "Zs",
};

const plainName = (name: string): string => name.toLowerCase().replace(/[ _-]/g, "");

const shortCategoryNames = new Map(
  [...categoryNames, ..."CLMNPSZ"].map((name) => [plainName(name), name]),
);

const scripts = lazy(() => {
  const runs = decodeRuns(scriptRuns);
  const indices = scriptNames.split(" ").map((name, i) => [plainName(name), i] as const);
  return { runs, indexOf: new Map(indices) };
});

/** The class `[:name:]`, or undefined. */
export function posixClass(name: string): CodePointSet | undefined {
  return Object.hasOwn(posix, name) ? posix[name]?.() : undefined;
}

/** The class `\p{name}`: a category, a script or a POSIX class; undefined for other properties. */
export function propertyClass(name: string): CodePointSet | undefined {
  const plain = plainName(name);
  if (plain === "any") return everything;
  if (plain === "assigned") return complement(categories("Cn"));
  if (plain === "punct") return categories("P");
  const category = shortCategoryNames.get(plain) ?? longCategoryNames[plain];
  if (category) return categories(category);
  const { runs, indexOf } = scripts();
  const script = indexOf.get(plain);
  if (script !== undefined) return selectRuns(runs, (value) => value === script);
  return posixClass(plain);
}
