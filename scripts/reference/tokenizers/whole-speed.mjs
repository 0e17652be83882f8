/**
 * Compares the speed of two builds of the tokenizer, interleaved: the time to create it from parsed
 * JSON, and tokens per second on new texts, in the order of the file.
 *
 * node whole-speed.mjs TEXTS.jsonl OURS.mjs OTHER.mjs TOKENIZER.json…
 *
 * The builds are those that whole-compare.mjs leaves in its work directory. Prints the median of
 * five rounds.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [texts, ours, other, ...files] = process.argv.slice(2);
const given = readFileSync(texts, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
const builds = await Promise.all(
  [ours, other].map((file) => import(pathToFileURL(path.resolve(file)).href)),
);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

function round(build, text) {
  const json = JSON.parse(text);
  const start = performance.now();
  const tokenizer = build.createTokenizer(json);
  const made = performance.now();
  let tokens = 0;
  for (const one of given) tokens += tokenizer.encode(one).inputIds.length;
  return { make: made - start, speed: (tokens / (performance.now() - made)) * 1000 };
}

for (const file of files) {
  const text = readFileSync(file, "utf8");
  const rounds = builds.map(() => []);
  for (let i = 0; i < 5; i++) {
    for (const [at, build] of builds.entries()) rounds[at]?.push(round(build, text));
  }
  const row = rounds.map((all) => {
    const make = median(all.map((one) => one.make)).toFixed(0);
    const speed = (median(all.map((one) => one.speed)) / 1e6).toFixed(2);
    return `first ${all[0]?.make.toFixed(0)} ms, make ${make} ms, ${speed} M tokens/s`;
  });
  console.log(`${path.basename(file)} | ours: ${row[0]} | other: ${row[1]}`);
}
