/** Compares the vectors of a model directory, as the built packages compute them, with those of the reference. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { classicBert } from "../../packages/arch-classic-bert/dist/index.js";
import {
  embedTexts,
  GenericBackend,
  isRipvecError,
  truncateEncoding,
} from "../../packages/core/dist/index.js";
import { cpu } from "../../packages/driver-cpu/dist/index.js";
import { openModel, resolvePrompt } from "../../packages/hub/dist/index.js";

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** Reads the results of python/reference.py for one directory. */
export function readReference(folder) {
  const { dim, error } = readJson(join(folder, "reference.json"));
  if (error !== undefined) return { error };
  const bytes = readFileSync(join(folder, "vectors.f32"));
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const ids = readJson(join(folder, "ids.json"));
  return { ids, vectors: ids.map((_, i) => values.subarray(i * dim, (i + 1) * dim)) };
}

/** 1 − cos in f64. Two zero vectors agree; a zero vector and a nonzero one do not. */
function distance(a, b) {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa === 0 && bb === 0 ? 0 : 1 - dot / Math.sqrt(aa * bb);
}

/** The length of the difference divided by that of the reference. Unlike 1 − cos it depends on the lengths. */
function relativeDifference(a, b) {
  let difference = 0;
  let length = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    length += b[i] ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / length);
}

/** The largest value of each measure over all texts, and the text with the largest 1 − cos. NaN is kept. */
export function compareVectors(ours, theirs) {
  const most = { cosine: 0, relative: 0, worst: 0 };
  for (const [i, vector] of ours.entries()) {
    const fits = vector.length === theirs[i].length;
    const cosine = fits ? distance(vector, theirs[i]) : Number.NaN;
    const relative = fits ? relativeDifference(vector, theirs[i]) : Number.NaN;
    if (!(cosine <= most.cosine)) Object.assign(most, { cosine, worst: i });
    if (!(relative <= most.relative)) most.relative = relative;
  }
  return most;
}

async function embed(model, texts, dtype) {
  const driver = await cpu();
  const backend = await GenericBackend.create({ driver, arch: classicBert, model, dtype });
  try {
    const prompt = resolvePrompt(model);
    const encodings = model.tokenizer.encodeBatch(texts.map((text) => prompt + text));
    const cut = encodings.map((each) => truncateEncoding(each, backend.maxTokens, model.tokenizer));
    const vectors = [];
    for await (const row of embedTexts(backend, model.tokenizer, texts, { prompt }))
      vectors.push(row.embedding);
    return { ids: cut.map((each) => Array.from(each.inputIds)), vectors };
  } finally {
    await backend.close();
  }
}

async function compareOpened(model, texts, reference, dtypes) {
  const result = { texts: texts.length, tokenMismatches: 0, dtypes: {} };
  for (const dtype of dtypes) {
    const { ids, vectors } = await embed(model, texts, dtype);
    const differs = ids.flatMap((row, i) => (row.join() === reference.ids[i].join() ? [] : [i]));
    result.tokenMismatches = differs.length;
    if (differs.length > 0) result.firstMismatch = texts[differs[0]].slice(0, 60);
    result.dtypes[dtype] = compareVectors(vectors, reference.vectors);
  }
  return result;
}

/**
 * Compares one directory: `{ texts, tokenMismatches, dtypes: { f32: { cosine, relative, worst } } }`, or
 * `{ refused }` with our message, and `referenceError` where the reference does not open the directory.
 */
export async function compareDirectory({ directory, texts, out, dtypes = ["f32"] }) {
  const reference = readReference(out);
  const referenceError = reference.error && { referenceError: reference.error };
  try {
    const model = await openModel(directory, { arch: classicBert });
    if (!referenceError) return await compareOpened(model, readJson(texts), reference, dtypes);
    await embed(model, ["text"], "f32");
    return { accepted: true, ...referenceError };
  } catch (error) {
    if (!isRipvecError(error)) throw error;
    const message = error.message
      .replaceAll(`${directory}/`, "")
      .replaceAll(directory, "the model");
    return { refused: `${error.name}: ${message}`, ...referenceError };
  }
}
