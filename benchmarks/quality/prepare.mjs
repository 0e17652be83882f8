/**
 * Prepares the data of the quality benchmark: pairs of docstrings and code from pinned wheels,
 * pairs of Debian's package descriptions, and BM25's hits on each. See ../README.md.
 *
 * node benchmarks/quality/prepare.mjs MANIFEST.json [--cranfield DIR] [--original DIR] [yardstick…]
 *
 * Sources that are not available here are left out by name. The data is not committed: it lies in
 * the cache of scripts/reference.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  CannotCompare,
  cache,
  call,
  originalModel,
  pinnedPython,
} from "../../scripts/reference/environment.mjs";
import { cranfield, debian, digestOf, docstrings } from "./sources.mjs";

const { positionals, values } = parseArgs({
  options: { cranfield: { type: "string" }, original: { type: "string" } },
  allowPositionals: true,
});
const [manifest, ...wanted] = positionals;
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

const makers = {
  cranfield: () => cranfield(values.cranfield),
  docstrings,
  debian,
};

/** Digests of the texts for which the figures in ../README.md were measured. */
const recorded = JSON.parse(readFileSync(script("digests.json"), "utf8"));

/**
 * The value, or undefined when something is missing here; the reason is then added to those left
 * out.
 */
async function unlessMissing(leftOut, name, make) {
  console.error(`${name} …`);
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof CannotCompare)) throw error;
    leftOut.push({ name, why: error.message });
  }
}

async function bm25Runs(python, { name, directory }) {
  const runs = join(cache, "quality", "runs", name);
  await call(python, [script("python/bm25.py"), directory, runs], 120);
  return ["bm25", "bm25-tuned"].map((engine) => ({ engine, file: join(runs, `${engine}.jsonl`) }));
}

async function prepared() {
  const leftOut = [];
  const python = await unlessMissing(leftOut, "bm25", () =>
    pinnedPython(script("requirements.txt")),
  );
  const original =
    values.original ??
    (await unlessMissing(leftOut, "original", () => originalModel(python ?? "python3")));
  const yardsticks = [];
  for (const name of wanted) {
    const directory = await unlessMissing(leftOut, name, () => makers[name](python));
    if (!directory) continue;
    const sha256 = digestOf(directory);
    const runs = python ? await bm25Runs(python, { name, directory }) : [];
    yardsticks.push({ name, directory, sha256, asRecorded: sha256 === recorded[name], runs });
  }
  return { yardsticks, original: original ?? null, leftOut };
}

mkdirSync(dirname(manifest), { recursive: true });
writeFileSync(manifest, `${JSON.stringify(await prepared(), null, 1)}\n`);
