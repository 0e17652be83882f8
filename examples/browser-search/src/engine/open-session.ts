import { classicBert } from "@ripvec/arch-classic-bert";
import { GenericBackend } from "@ripvec/core";
import { webgpu } from "@ripvec/driver-webgpu";
import { type DownloadProgress, type Model, openModel } from "@ripvec/hub/browser";
import type { ModelChoice } from "../protocol.js";
import type { OpenOptions, Session } from "./session.js";

/** Batches are small, so that a query does not wait long while texts are indexed. */
const maxBatchTokens = 512;

/**
 * Opens the model, then the GPU, and loads the model on it. Rejects with the signal's reason when
 * aborted.
 */
export async function openSession(choice: ModelChoice, options: OpenOptions): Promise<Session> {
  const { name, place, files, sha256, weights } = choice;
  const { signal, onBytes, onFiles } = options;
  const model = await openModel(place, {
    arch: classicBert,
    signal,
    files,
    sha256,
    onProgress: addUp(onBytes),
  });
  onFiles();
  const driver = await webgpu();
  const { device } = driver.capabilities;
  const backend = await GenericBackend.create({
    driver,
    arch: classicBert,
    model,
    dtype: weights,
    maxBatchTokens,
  });
  if (signal.aborted) {
    await backend.close();
    throw signal.reason;
  }
  const { dim, maxTokens, weightDtype } = backend;
  const facts = { name, device, weights: weightDtype, dim, maxTokens };
  return { facts, backend, tokenizer: model.tokenizer, prompts: searchPrompts(model) };
}

/**
 * Files of at least this size count for the progress; the smaller ones come first and arrive
 * quickly.
 */
const largeBytes = 1e6;

/** Combines the files of a model into one download. */
function addUp(onBytes: OpenOptions["onBytes"]): (progress: DownloadProgress) => void {
  const files = new Map<string, DownloadProgress>();
  return (progress) => {
    files.set(progress.file, progress);
    const sum = (of: (file: DownloadProgress) => number) =>
      [...files.values()].reduce((total, file) => total + of(file), 0);
    const loaded = sum((file) => file.loaded);
    // Small files are often compressed, which hides their length. The progress is unknown when the
    // length of a large file is.
    const total = sum(
      (file) => file.total ?? (file.loaded < largeBytes ? file.loaded : Number.NaN),
    );
    onBytes({ loaded, total: total >= largeBytes ? total : undefined });
  };
}

function searchPrompts({ prompts }: Model): Session["prompts"] {
  const first = (...names: string[]) =>
    names.map((name) => prompts[name]).find((text) => text !== undefined) ?? "";
  return {
    query: first("query", "search_query"),
    text: first("passage", "document", "search_document"),
  };
}
