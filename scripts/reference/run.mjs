/**
 * Compares ripvec with Hugging Face's own software on real weights and tokenizer files. See README.md.
 *
 *   node scripts/reference/run.mjs [--quick] [--record] [group…]
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { corpus } from "./corpus.mjs";
import {
  CannotCompare,
  cache,
  call,
  originalModel,
  otherPackageAgrees,
  realTokenizers,
  referencePython,
} from "./environment.mjs";
import { judgeTokens, judgeVectors } from "./judge.mjs";
import { sampleTexts, someTexts } from "./texts.mjs";
import { compareTokenizer } from "./tokens.mjs";
import { compareDirectory, compareVectors, readReference } from "./vectors.mjs";

const groups = [
  "versions",
  "files",
  "modules",
  "settings",
  "transplants",
  "random",
  "refused",
  "tokens",
];
const args = process.argv.slice(2);
const quick = args.includes("--quick");
const record = args.includes("--record");
const named = args.filter((each) => !each.startsWith("--"));
const chosen = named.length > 0 ? named : groups;
const unknown = chosen.filter((group) => !groups.includes(group));
if (unknown.length > 0) {
  console.error(`no group ${unknown.join(", ")}; there are: ${groups.join(", ")}`);
  process.exit(2);
}

const work = join(cache, quick ? "quick" : "full");
const script = (name) => fileURLToPath(new URL(`python/${name}`, import.meta.url));
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
/** The time limit of one Python program, in seconds. */
const patience = quick ? 900 : 4 * 3600;
const counts = { passed: 0, failed: 0 };

function save(name, value) {
  const path = join(work, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

function report({ group, name }, { ok, note }) {
  counts[ok ? "passed" : "failed"]++;
  console.log(`${ok ? "ok    " : "FAILED"} ${group}: ${name}: ${note}`);
}

async function settled(promise) {
  try {
    return await promise;
  } catch (error) {
    return { crash: String(error.stack) };
  }
}

/** The texts that a directory is compared on: all 320, or fewer where the reference takes long. */
function textsOf(entry, all, few) {
  if (entry.group === "original") return all;
  return quick || ["refused", "random"].includes(entry.group) ? few : all;
}

async function compareAllVectors(python, original) {
  const all = save("all.json", sampleTexts());
  const few = save("few.json", someTexts(quick ? 32 : 64));
  const models = join(work, "models");
  const wanted = chosen.filter((group) => group !== "tokens");
  const mode = quick ? "quick" : "full";
  await call(python, [script("make_models.py"), original, models, all, mode, ...wanted], patience);
  const entries = readJson(join(models, "manifest.json"));
  const jobs = entries.map((entry) => ({
    ...entry,
    texts: textsOf(entry, all, few),
    out: join(work, "reference", entry.group, entry.name),
    dtypes: ["original", "random"].includes(entry.group) ? ["f32", "f16", "bf16", "i8"] : ["f32"],
  }));
  const made = jobs.filter((job) => !job.error);
  await call(python, [script("reference.py"), save("jobs.json", made)], patience);
  const rows = [];
  for (const job of jobs) rows.push(await compareOne(job, jobs[0]));
  return rows;
}

async function compareOne(job, originalJob) {
  const { texts, out, dtypes, directory, ...entry } = job;
  const result = entry.error ? {} : await settled(compareDirectory(job));
  if (entry.basis === "transplanted" && result.dtypes)
    result.carried = carriedOver(job, originalJob);
  report(entry, judgeVectors(entry, result));
  return { ...entry, ...result };
}

/**
 * 1 − cos between the reference's vectors of a transplant and those of the original. A padding token inside a text takes a
 * position in BERT and none in RoBERTa, so the vectors of such texts differ.
 */
function carriedOver(job, originalJob) {
  const all = new Map(readJson(originalJob.texts).map((text, i) => [text, i]));
  const original = readReference(originalJob.out).vectors;
  const moved = readReference(job.out).vectors;
  const pairs = readJson(job.texts)
    .map((text, i) => [text, moved[i]])
    .filter(([text]) => !text.includes("[PAD]"));
  const same = pairs.map(([text]) => original[all.get(text)]);
  return compareVectors(
    pairs.map(([, vector]) => vector),
    same,
  ).cosine;
}

async function compareAllTokens(python, original) {
  const texts = corpus(quick ? 2000 : 20000);
  const list = save("corpus.json", texts);
  const training = save("training.json", [...sampleTexts(), ...texts.slice(-3000)]);
  const directories = join(work, "tokenizers");
  const folders = quick ? {} : await realTokenizers(python);
  const making = [
    script("make_tokenizers.py"),
    original,
    JSON.stringify(folders),
    directories,
    training,
  ];
  await call(python, making, patience);
  const entries = readJson(join(directories, "manifest.json"));
  const jobs = entries.map((entry) => ({ ...entry, out: join(work, "tokens", entry.name) }));
  const made = save(
    "token-jobs.json",
    jobs.filter((job) => !job.error),
  );
  await call(python, [script("token_reference.py"), made, list], patience);
  const rows = [];
  for (const { out, directory, ...entry } of jobs) {
    const result = entry.error ? {} : await settled(compareTokenizer({ out, directory }, texts));
    report(entry, judgeTokens(entry, result));
    rows.push({ ...entry, ...result });
  }
  return rows;
}

const recorded = new URL("results.json", import.meta.url);

/** The figures of this run, and the recorded figures of groups that did not run. */
function withOthers({ software, vectors, tokens }) {
  const before = readJson(fileURLToPath(recorded));
  const ran = new Set(["original", ...chosen]);
  return {
    software,
    vectors: [...vectors, ...before.vectors.filter(({ group }) => !ran.has(group))],
    tokens: ran.has("tokens") ? tokens : before.tokens,
  };
}

async function compareAll() {
  const python = await referencePython();
  mkdirSync(work, { recursive: true });
  const original = await originalModel(python);
  if (!quick) {
    const ok = await otherPackageAgrees(python, original);
    const note = `weights ${ok ? "are" : "are not"} those of a second package, byte for byte`;
    report({ group: "original", name: "all-MiniLM-L6-v2" }, { ok, note });
  }
  const vectors = await compareAllVectors(python, original);
  const tokens = chosen.includes("tokens") ? await compareAllTokens(python, original) : [];
  const pins = fileURLToPath(new URL("requirements.txt", import.meta.url));
  const software = readFileSync(pins, "utf8").trim().split("\n");
  const results = { software, vectors, tokens };
  const written = (value) => `${JSON.stringify(value, null, 1)}\n`;
  writeFileSync(join(work, "results.json"), written(results));
  if (record) writeFileSync(recorded, written(withOthers(results)));
}

try {
  await compareAll();
} catch (error) {
  if (error instanceof CannotCompare) console.log(`skipped: reference: ${error.message}`);
  else {
    counts.failed++;
    console.log(`FAILED reference: ${error.message}`);
  }
}
console.log(`reference: ${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed === 0 ? 0 : 1);
