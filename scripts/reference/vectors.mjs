/** Our side of the comparison of vectors: a model directory through the built packages, against the reference's files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { classicBert } from "../../packages/arch-classic-bert/dist/index.js";
import { GenericBackend, isRipvecError, truncateEncoding } from "../../packages/core/dist/index.js";
import { cpu } from "../../packages/driver-cpu/dist/index.js";
import { openModel, resolvePrompt } from "../../packages/hub/dist/index.js";

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

function readReference(folder) {
  const { dim, error } = readJson(join(folder, "reference.json"));
  if (error !== undefined) return { error };
  const bytes = readFileSync(join(folder, "vectors.f32"));
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const ids = readJson(join(folder, "ids.json"));
  return { ids, vectors: ids.map((_, i) => values.subarray(i * dim, (i + 1) * dim)) };
}

/** 1 − cos in f64; two zero vectors agree, a zero and another do not. */
function distance(a, b) {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  if (aa === 0 && bb === 0) return 0;
  return 1 - dot / Math.sqrt(aa * bb);
}

const largestDifference = (a, b) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);

/** The largest of both measures over all texts; NaN stays NaN. */
function compareVectors(ours, theirs) {
  let cosine = 0;
  let absolute = 0;
  let worst = -1;
  for (const [i, vector] of ours.entries()) {
    const far = vector.length === theirs[i].length ? distance(vector, theirs[i]) : Number.NaN;
    if (!(far <= cosine)) {
      cosine = far;
      worst = i;
    }
    absolute = Math.max(absolute, largestDifference(vector, theirs[i]));
  }
  return { cosine, absolute, worst };
}

async function vectorsOf(model, encodings, dtype) {
  const backend = await GenericBackend.create({
    driver: await cpu(),
    arch: classicBert,
    model,
    dtype,
  });
  try {
    const cut = encodings.map((each) =>
      truncateEncoding(each, backend.maxTokens, model.tokenizer.suffixTokens),
    );
    return {
      ids: cut.map((each) => Array.from(each.inputIds)),
      vectors: await backend.embedBatch(cut),
    };
  } finally {
    await backend.close();
  }
}

/**
 * Compares one directory. Returns `{ texts, tokenMismatches, dtypes: { f32: { cosine, absolute, worst } } }`, or
 * `{ refused }` with our message, or `{ referenceError }` where the reference does not open the directory.
 */
export async function compareDirectory({ directory, texts, out, dtypes = ["f32"] }) {
  const reference = readReference(out);
  const list = readJson(texts);
  try {
    const model = await openModel(directory);
    const prompt = resolvePrompt(model);
    const encodings = model.tokenizer.encodeBatch(list.map((text) => prompt + text));
    const result = { texts: list.length, dtypes: {} };
    for (const dtype of dtypes) {
      const { ids, vectors } = await vectorsOf(model, encodings, dtype);
      if (reference.error !== undefined) return { referenceError: reference.error };
      const differs = (row, i) => row.join() !== reference.ids[i].join();
      const mismatches = ids.map(differs).flatMap((wrong, i) => (wrong ? [i] : []));
      result.tokenMismatches = mismatches.length;
      if (mismatches.length > 0) result.firstMismatch = mismatches[0];
      result.dtypes[dtype] = compareVectors(vectors, reference.vectors);
    }
    return result;
  } catch (error) {
    if (!isRipvecError(error)) throw error;
    const refused = `${error.name}: ${error.message.replaceAll(directory, ".")}`;
    return reference.error === undefined
      ? { refused }
      : { refused, referenceError: reference.error };
  }
}
