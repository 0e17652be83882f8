import fc from "fast-check";

type Path = readonly (string | number)[];

const step = (type: string, rest: object) => ({ type, ...rest });

/** Values that cause faults where another type of value, or another number, is expected. */
const hostileValues: readonly unknown[] = [
  null,
  true,
  false,
  -1,
  0,
  1.5,
  2 ** 31,
  2 ** 32 + 9,
  1e300,
  "",
  "a",
  " ",
  "\ud800",
  "x".repeat(3000),
  "__proto__",
  "constructor",
  "BPE",
  "Unigram",
  "Sequence",
  [],
  [[]],
  [null],
  ["a", -1],
  {},
  { String: "a" },
  { Regex: "(a+)+$" },
  { Regex: "(" },
  JSON.parse('{ "__proto__": 1 }'),
  step("Replace", { pattern: { String: "a" }, content: "a".repeat(100) }),
  step("Prepend", { prepend: "b" }),
  step("BertProcessing", { sep: ["x", -1], cls: ["y", "z"] }),
  step("TemplateProcessing", { single: [{ Sequence: { id: "A", type_id: 0 } }] }),
];

/**
 * A JSON value with one to three places changed: replaced, removed, copied from elsewhere, or
 * duplicated.
 */
export function mutatedJson(json: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    from: fc.nat(),
    kind: fc.constantFrom("value", "value", "remove", "copy", "double"),
    value: fc.constantFrom(...hostileValues),
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const root = { json: structuredClone(json) };
    for (const { at, from, kind, value } of changes) {
      const paths = pathsOf(root.json, ["json"]);
      const path = paths[at % paths.length] ?? ["json"];
      const copied = kind === "copy" ? valueAt(root, paths[from % paths.length] ?? []) : value;
      const parent = valueAt(root, path.slice(0, -1));
      if (kind === "remove") remove(parent, path.at(-1));
      else if (kind === "double") double(parent, path.at(-1));
      else put(parent, path.at(-1), structuredClone(copied));
    }
    return root.json;
  });
}

function pathsOf(value: unknown, path: Path): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  // The entries of a vocabulary are treated alike.
  const some = keys.length > 20 ? [...keys.slice(0, 4), ...keys.slice(-4)] : keys;
  return [path, ...some.flatMap((key) => pathsOf(Reflect.get(value, key), [...path, key]))];
}

const valueAt = (root: object, path: Path): unknown =>
  path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), root);

function put(parent: unknown, key: string | number | undefined, value: unknown): void {
  Object.defineProperty(parent, key ?? "", {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function remove(parent: unknown, key: string | number | undefined): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (key !== "json") Reflect.deleteProperty(Object(parent), key ?? "");
}

function double(parent: unknown, key: string | number | undefined): void {
  const value = structuredClone(Reflect.get(Object(parent), key ?? ""));
  if (Array.isArray(parent)) parent.push(value);
  else if (key !== "json") put(parent, `${key}2`, value);
}
