/**
 * Compares the ids of ripvec's tokenizer with those of the Rust library, on a file of texts.
 *
 * node whole-compare.mjs PYTHON TEXTS.jsonl WORK TOKENIZER.json… [--sources=DIR] [--split]
 *
 * WORK is a directory for the ids and the bundle. `--sources` names other sources of packages/hub
 * to compare. Prints one row for each file: texts, differences, and the first three of them. Exits
 * with 1 when any differs.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "tsup";

const here = import.meta.dirname;
const flags = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const [python, texts, work, ...files] = process.argv
  .slice(2)
  .filter((argument) => !argument.startsWith("--"));
if (!files?.length) throw new Error("usage: PYTHON TEXTS.jsonl WORK TOKENIZER.json…");
const sources = flags.find((flag) => flag.startsWith("--sources="))?.slice(10);
const split = flags.includes("--split");

const lines = (file) =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

async function bundle() {
  const outDir = path.resolve(work, sources ? "other" : "ours");
  const entry = path.resolve(
    sources ?? path.join(here, "../../../packages/hub/src"),
    "tokenizer.ts",
  );
  const quiet = { silent: true, config: false, dts: false, clean: false, splitting: false };
  const noExternal = [/./];
  await build({
    ...quiet,
    entry: [entry],
    outDir,
    format: "esm",
    platform: "node",
    noExternal,
    outExtension: () => ({ js: ".mjs" }),
  });
  return import(pathToFileURL(path.join(outDir, "tokenizer.mjs")).href);
}

function referenceIds(file) {
  const name = path.resolve(file).replaceAll(path.sep, "_") + (split ? ".split" : "");
  const out = path.join(work, `${name}.ids.jsonl`);
  if (!existsSync(out)) {
    execFileSync(
      python,
      [path.join(here, "whole_ids.py"), file, texts, out, ...(split ? ["split"] : [])],
      { stdio: ["ignore", "inherit", "ignore"] },
    );
  }
  return lines(out);
}

function compare(tokenizer, expected, given) {
  const different = [];
  let failed = 0;
  for (const [index, text] of given.entries()) {
    if (expected[index] === null) {
      failed++;
      continue;
    }
    const ids = Array.from(tokenizer.encode(text).inputIds);
    if (ids.length !== expected[index].length || ids.some((id, at) => id !== expected[index][at])) {
      different.push({
        text: text.slice(0, 60),
        expected: expected[index].slice(0, 20),
        ids: ids.slice(0, 20),
      });
    }
  }
  return { different, failed };
}

mkdirSync(work, { recursive: true });
const { createTokenizer } = await bundle();
const given = lines(texts);
for (const file of files) {
  const expected = referenceIds(file);
  try {
    const tokenizer = createTokenizer(JSON.parse(readFileSync(file, "utf8")), {
      path: path.basename(file),
      splitSpecialTokens: split,
    });
    const { different, failed } = compare(tokenizer, expected, given);
    console.log(
      `${path.basename(path.dirname(file))}/${path.basename(file)} | ${given.length} texts | ${different.length} differ | ${failed} fail in the reference`,
    );
    for (const one of different.slice(0, 3)) console.log(`    ${JSON.stringify(one)}`);
    if (different.length > 0) process.exitCode = 1;
  } catch (error) {
    console.log(
      `${path.basename(path.dirname(file))}/${path.basename(file)} | refused: ${error.message}`,
    );
  }
}
