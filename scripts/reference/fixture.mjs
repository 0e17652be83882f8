/**
 * Writes packages/hub/test/fixtures/minilm: tokenizer.json of all-MiniLM-L6-v2, and the token ids that transformers
 * gives for seeded texts.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { generated } from "./corpus.mjs";
import { cache, call, originalModel, referencePython } from "./environment.mjs";
import { sampleTexts } from "./texts.mjs";

const python = await referencePython();
const original = await originalModel(python);
const work = join(cache, "fixture");
const target = fileURLToPath(new URL("../../packages/hub/test/fixtures/minilm/", import.meta.url));
const texts = [...sampleTexts(), ...generated(280)];
mkdirSync(work, { recursive: true });
mkdirSync(target, { recursive: true });
const save = (name, value) => {
  writeFileSync(join(work, name), JSON.stringify(value));
  return join(work, name);
};
const jobs = save("jobs.json", [{ directory: original, out: work, auto: true }]);
const script = fileURLToPath(new URL("python/token_reference.py", import.meta.url));
console.log((await call(python, [script, jobs, save("texts.json", texts)], 300)).trim());

const numbers = (name) => {
  const bytes = readFileSync(join(work, name));
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(4 * i));
};
const ids = numbers("ids.u32");
let from = 0;
const rows = numbers("lengths.u32").map((length) => {
  from += length;
  return ids.slice(from - length, from);
});
const pack = (name, bytes) => writeFileSync(join(target, name), gzipSync(bytes, { level: 9 }));
const tokenizer = JSON.parse(readFileSync(join(original, "tokenizer.json"), "utf8"));
const vocabulary = Object.entries(tokenizer.model.vocab).sort(([, a], [, b]) => a - b);
if (vocabulary.some(([, id], i) => id !== i))
  throw new Error("the ids of the vocabulary have gaps");
pack("vocab.txt.gz", vocabulary.map(([token]) => token).join("\n"));
tokenizer.model.vocab = {};
writeFileSync(join(target, "tokenizer.json"), `${JSON.stringify(tokenizer, null, 2)}\n`);
pack("ids.json.gz", JSON.stringify(texts.map((text, i) => [text, rows[i]])));
