import { changes, type Material, mutateBytes } from "./mutate-bytes.js";
import type { Random } from "./random.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A place in a document: a list or an object, and the key of the value. */
interface Place {
  readonly holder: { [key: string]: Json };
  readonly key: string;
}

const numbers = [
  0,
  -1,
  1,
  2,
  0.5,
  -0.5,
  255,
  256,
  65535,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 32 + 2,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 31),
  1e20,
  1e308,
  5e-324,
  1e39,
];
const texts = [
  "",
  " ",
  "\u0000",
  "a\u0301",
  "\ud800",
  "\udfff",
  "\u{1f600}",
  "\u001b[2J",
  "\n",
  "\u202e",
  "__proto__",
  "constructor",
  "../..",
  "/",
  ".",
  "(a+)+$",
  "(?:a|a)*b",
  "[",
  "(?<",
  "\\p{L}",
  "x".repeat(300),
];
/** A placeholder in the text of a document for a value that is nested too deeply to be one. */
const deepMark = "\u0001deep";

function placesOf(document: Json): Place[] {
  const places: Place[] = [];
  const visit = (value: Json): void => {
    if (typeof value !== "object" || value === null) return;
    const holder = value as { [key: string]: Json };
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      visit(holder[key] ?? null);
    }
  };
  visit(document);
  return places;
}

const copyOf = (value: Json): Json => structuredClone(value);

function setKey(holder: { [key: string]: Json }, key: string, value: Json): void {
  Object.defineProperty(holder, key, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

function leaf(random: Random, { words }: Material): Json {
  switch (random.below(7)) {
    case 0:
      return random.pick<Json>([null, true, false, [], {}]);
    case 1:
    case 2:
      return random.oneIn(3) ? random.below(300) : random.pick(numbers);
    case 3:
      return random.pick(texts);
    default:
      return words.length === 0 ? random.pick(texts) : random.pick(words);
  }
}

function changedText(text: string, random: Random, material: Material): string {
  if (random.oneIn(60)) return text.repeat(1 + random.below(400));
  if (random.oneIn(2)) {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + random.pick(texts) + text.slice(at + random.below(3));
  }
  const bytes = mutateBytes(Buffer.from(text), random, { others: [], words: material.words });
  return Buffer.from(bytes).toString(random.oneIn(8) ? "latin1" : "utf8");
}

function changedValue(value: Json, random: Random, material: Material): Json {
  if (random.oneIn(3)) return leaf(random, material);
  if (typeof value === "string") return changedText(value, random, material);
  if (typeof value === "number") {
    return random.pick([value + 1, value - 1, -value, value * 2 ** 32, value + 0.5, value * 10]);
  }
  if (typeof value === "boolean") return !value;
  return leaf(random, material);
}

type Mutation = (place: Place, random: Random, material: Material, all: readonly Place[]) => void;

const mutations: readonly Mutation[] = [
  ({ holder, key }, random, material) =>
    setKey(holder, key, changedValue(holder[key] ?? null, random, material)),
  ({ holder, key }, random, material) => setKey(holder, key, leaf(random, material)),
  ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  ({ holder, key }, random, _material, all) => {
    const other = random.pick(all);
    setKey(holder, key, copyOf(other.holder[other.key] ?? null));
  },
  ({ holder, key }, random, material) => {
    const value = holder[key] ?? null;
    if (Array.isArray(holder)) {
      const times = random.oneIn(40) ? random.below(2000) : 1;
      for (let i = 0; i < times; i += 1) holder.push(copyOf(value));
    } else {
      setKey(holder, String(leaf(random, material)), copyOf(value));
    }
  },
  ({ holder, key }, random, material) => {
    if (Array.isArray(holder)) return;
    setKey(holder, changedText(key, random, material), holder[key] ?? null);
    delete holder[key];
  },
  ({ holder, key }, random, material) => {
    const other = random.oneIn(2) ? undefined : parsed(material, random);
    const same = other && placesOf(other).filter((place) => place.key === key);
    const from = same && same.length > 0 ? random.pick(same) : undefined;
    if (from) setKey(holder, key, from.holder[from.key] ?? null);
  },
  ({ holder, key }, random) => {
    const value = holder[key] ?? null;
    if (random.oneIn(20)) setKey(holder, key, deepMark);
    else setKey(holder, key, random.oneIn(2) ? [value] : { [key]: value });
  },
];

function parsed({ others }: Material, random: Random): Json | undefined {
  if (others.length === 0) return undefined;
  return parse(random.pick(others));
}

function parse(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as Json;
  } catch {
    return undefined;
  }
}

/** Nested lists and objects, deeper than any recursive reader can follow. */
function deepText(random: Random): string {
  const [open, close] = random.pick([
    ["[", "]"],
    ['{"a":', "}"],
    ['{"type":"Sequence","normalizers":[', "]}"],
    ['{"type":"Sequence","pretokenizers":[', "]}"],
    ['{"type":"Sequence","processors":[', "]}"],
  ] as const);
  const depth = random.pick([10, 300, 3000, 20_000]);
  return `${open.repeat(depth)}${random.oneIn(2) ? "null" : ""}${close.repeat(depth)}`;
}

/** Applies one to eight changes to a document, or sometimes to its text. */
export function mutateJson(input: Uint8Array, random: Random, material: Material): Uint8Array {
  const changed = random.oneIn(30) ? undefined : changedDocument(input, random, material);
  return changed ?? mutateBytes(input, random, material);
}

/** Undefined for text that is not a document, or that is nested too deeply to be walked. */
function changedDocument(
  input: Uint8Array,
  random: Random,
  material: Material,
): Uint8Array | undefined {
  const document = parse(input);
  if (document === undefined) return undefined;
  const root: Json = { document };
  try {
    for (let left = changes(random); left > 0; left -= 1) {
      const places = placesOf(root);
      if (places.length > 0) random.pick(mutations)(random.pick(places), random, material, places);
    }
    const text = JSON.stringify(root.document ?? null);
    return Buffer.from(text.replaceAll(JSON.stringify(deepMark), () => deepText(random)));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
