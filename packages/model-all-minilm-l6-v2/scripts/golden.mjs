/**
 * Writes golden.json: texts with the vectors that sentence-transformers computes for the model as
 * published (`original`) and for the 8-bit weights of model/ widened to f32 (`embedding`). It has
 * the requirements of scripts/reference.
 *
 * node packages/model-all-minilm-l6-v2/scripts/golden.mjs
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call, originalModel, referencePython } from "../../../scripts/reference/environment.mjs";
import { readReference } from "../../../scripts/reference/vectors.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** At most 256 tokens each, which is the model's limit. */
const texts = [
  "",
  "hello world",
  "The quick brown fox jumps over the lazy dog.",
  "export function mean(values: number[]): number { return sum(values) / values.length; }",
  "¿Qué tal? 你好，世界 — naïve café 🚀",
  Array.from({ length: 20 }, (_, i) => `line ${i}: the driver frees tensor ${i * 7}`).join("\n"),
];

const python = await referencePython();
const original = await originalModel(python);
const folder = mkdtempSync(join(tmpdir(), "ripvec-golden-"));
try {
  const widened = join(folder, "widened");
  await call(python, [at("widen.py"), at("../model"), widened], 60);
  const list = save("texts.json", texts);
  const job = (directory, name) => ({ directory, texts: list, out: join(folder, name) });
  const jobs = [job(original, "of-original"), job(widened, "of-widened")];
  const script = at("../../../scripts/reference/python/reference.py");
  await call(python, [script, save("jobs.json", jobs)], 300);
  const [ofOriginal, ofWidened] = jobs.map(({ out }) => vectorsIn(out));
  const rows = texts.map((text, i) => ({ text, original: ofOriginal[i], embedding: ofWidened[i] }));
  const lines = rows.map((row) => JSON.stringify(row));
  writeFileSync(at("../golden.json"), `[\n${lines.join(",\n")}\n]\n`);
  console.log(`golden: ${rows.length} texts`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function save(name, value) {
  writeFileSync(join(folder, name), JSON.stringify(value));
  return join(folder, name);
}

/** Nine significant digits restore every f32. */
function vectorsIn(out) {
  const { error, vectors } = readReference(out);
  if (error !== undefined) throw new Error(error);
  return vectors.map((vector) => Array.from(vector, (value) => Number(value.toPrecision(9))));
}
