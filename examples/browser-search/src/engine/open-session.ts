import { classicBert } from "@ripvec/arch-classic-bert";
import { GenericBackend } from "@ripvec/core";
import { webgpu } from "@ripvec/driver-webgpu";
import { type DownloadProgress, type Model, openModel } from "@ripvec/hub/browser";
import type { ModelChoice } from "../protocol.js";
import type { OpenOptions, Session } from "./session.js";

/** Small batches, so that a query waits for little while texts are indexed. */
const maxBatchTokens = 2048;

/** Opens the model, then the GPU, and puts one on the other. Rejects with the signal's reason when aborted. */
export async function openSession(choice: ModelChoice, options: OpenOptions): Promise<Session> {
  const { name, place, files, weights } = choice;
  const { signal, onBytes, onFiles } = options;
  const model = await openModel(place, { signal, files, onProgress: addUp(onBytes) });
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
  const { dim, maxTokens } = backend;
  const facts = { name, device, weights, dim, maxTokens };
  return { facts, backend, tokenizer: model.tokenizer, prompts: searchPrompts(model) };
}

/** The files of a model as one download. */
function addUp(onBytes: OpenOptions["onBytes"]): (progress: DownloadProgress) => void {
  const files = new Map<string, DownloadProgress>();
  return (progress) => {
    files.set(progress.file, progress);
    let loaded = 0;
    let total: number | undefined = 0;
    for (const file of files.values()) {
      loaded += file.loaded;
      total = file.total === undefined || total === undefined ? undefined : total + file.total;
    }
    onBytes({ loaded, total });
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
