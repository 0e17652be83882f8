import type { PatternReader } from "./reader.js";
import type { Pattern, Repeat } from "./syntax-tree.js";

/** The reference does not accept larger numbers. */
const maxCount = 100_000;

/** The item with the quantifiers that follow it. */
export function parseQuantifiers(reader: PatternReader, item: Pattern): Pattern {
  let repeated = item;
  for (;;) {
    const bounds = parseSign(reader) ?? parseInterval(reader);
    if (!bounds) return repeated;
    if (item.kind === "anchor" || item.kind === "look") {
      throw reader.unsupported("a quantifier after a place without width");
    }
    repeated = { kind: "repeat", item: repeated, ...bounds };
  }
}

type Bounds = Pick<Repeat, "min" | "max" | "mode">;

function parseSign(reader: PatternReader): Bounds | undefined {
  const sign = reader.peek();
  if (sign !== "*" && sign !== "+" && sign !== "?") return undefined;
  reader.next();
  const bounds = { min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Infinity };
  if (reader.take("+")) return { ...bounds, mode: "possessive" };
  return { ...bounds, mode: reader.take("?") ? "lazy" : "greedy" };
}

/**
 * `{n}`, `{n,}`, `{,m}`, `{n,m}`. A `+` after it is a separate quantifier; a brace that begins no
 * interval is a literal.
 */
function parseInterval(reader: PatternReader): Bounds | undefined {
  if (reader.peek() !== "{") return undefined;
  let text = "";
  for (let i = 1; /[0-9,]/.test(reader.peek(i)); i++) text += reader.peek(i);
  if (reader.peek(text.length + 1) !== "}") return undefined;
  const match = /^(\d*)(,?)(\d*)$/.exec(text);
  const [, low = "", comma = "", high = ""] = match ?? [];
  if (low === "" && high === "") return undefined;
  reader.take(`{${text}}`);
  const min = Number(low);
  const max = comma === "" ? min : high === "" ? Infinity : Number(high);
  if (max < min || min > maxCount || (max !== Infinity && max > maxCount)) {
    throw reader.unsupported(`the interval {${text}}`);
  }
  if (!reader.take("?")) return { min, max, mode: "greedy" };
  if (min === max) throw reader.unsupported(`{${text}}?`);
  return { min, max, mode: "lazy" };
}
