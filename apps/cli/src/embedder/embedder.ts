import {
  type EmbeddedText,
  type EmbedTextsOptions,
  embedTexts,
  InputError,
  type WeightDType,
} from "@ripvec/core";
import { searchPrompts } from "../search-prompts.js";
import { gotOf } from "./got-of.js";
import type { Session } from "./open-session.js";
import { similarityBy, type Vector } from "./similarity.js";

/** Options of one call. */
export interface EmbedOptions
  extends Pick<EmbedTextsOptions, "signal" | "overflow" | "onProgress"> {
  /**
   * What the texts are, which decides the model's prompt that is put before each: that of queries,
   * that of documents, or, when absent, the model's default prompt. A model without the prompt gets
   * the texts alone.
   */
  readonly inputType?: "query" | "document" | undefined;
}

/**
 * Turns texts into vectors. No method needs `this`, so each can be passed on its own. A text above
 * `maxTokens` is cut, or is a TooLongError with `overflow: "error"`; `stream` says which were cut.
 * Calls that run at the same time share batches, and a text's vector has the same bits in every
 * batch. After `close`, calls reject with ClosedError.
 */
export interface Embedder {
  /** Name of the driver, such as "cpu". */
  readonly driver: string;
  /** Description of the device, such as "x64 avx512, 2 threads". */
  readonly device: string;
  /** Name of the architecture, such as "classic-bert". */
  readonly arch: string;
  /** The model as it was named. */
  readonly model: string;
  /** Length of a vector. */
  readonly dimensions: number;
  /** Largest number of tokens in one text, with prompt and special tokens. */
  readonly maxTokens: number;
  /** Dtype of the model's matrices on the driver. */
  readonly dtype: WeightDType;
  /** One vector [dimensions] for a text, or one for each text of a list, in its order. */
  embed(text: string, options?: EmbedOptions): Promise<Float32Array>;
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  embed(
    input: string | readonly string[],
    options?: EmbedOptions,
  ): Promise<Float32Array | Float32Array[]>;
  /** The vector of a query, with the model's prompt for queries. */
  embedQuery(text: string): Promise<Float32Array>;
  /** The vectors of documents, with the model's prompt for documents. */
  embedDocuments(
    texts: readonly string[],
    options?: Omit<EmbedOptions, "inputType">,
  ): Promise<Float32Array[]>;
  /**
   * Embeds any number of texts and yields them in order. Texts are read ahead by a few batches only,
   * so memory does not grow with their number. Leaving the loop closes the source.
   */
  stream(
    texts: Iterable<string> | AsyncIterable<string>,
    options?: EmbedOptions,
  ): AsyncGenerator<EmbeddedText, void, undefined>;
  /**
   * How similar two vectors are: more is closer. The measure is the `similarity_fn_name` in the
   * model's files, else the cosine. Throws InputError for vectors of different lengths.
   */
  similarity(a: Vector, b: Vector): number;
  /** Vectors are comparable only if their embedders have equal fingerprints. */
  fingerprint(): Promise<string>;
  /**
   * Resolves when the batches in flight have run and the weights are freed. Closes the driver,
   * unless it was given open. May be called again.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The texts to put before an input. */
interface Prompts {
  readonly query: string;
  readonly document: string;
  /** For a text of which nothing is said. */
  readonly text: string;
}

/** `defaultPrompt` is the text of the model's default prompt, and `name` is the model's name. */
export function embedderOf(
  { model, backend, driver, arch }: Session,
  { name, defaultPrompt }: { readonly name: string; readonly defaultPrompt: string },
): Embedder {
  const { query, passage } = searchPrompts(model.prompts);
  const prompts: Prompts = { query, document: passage, text: defaultPrompt };
  const measure = model.similarityFunction ?? "cosine";

  function stream(
    texts: Iterable<string> | AsyncIterable<string>,
    options: EmbedOptions = {},
  ): AsyncGenerator<EmbeddedText, void, undefined> {
    if (typeof options !== "object" || options === null) {
      throw new InputError(`options must be an object, got ${gotOf(options)}`);
    }
    const { inputType, signal, overflow, onProgress } = options;
    const prompt = promptFor(inputType, prompts);
    return embedTexts(backend, model.tokenizer, texts, { prompt, signal, overflow, onProgress });
  }

  async function embedAll(
    texts: readonly string[],
    options?: EmbedOptions,
    expected = "texts must be a string or an array of strings",
  ): Promise<Float32Array[]> {
    if (!Array.isArray(texts)) {
      throw new InputError(`${expected}, got ${gotOf(texts)}`);
    }
    const vectors: Float32Array[] = [];
    for await (const { embedding } of stream(texts, options)) vectors.push(embedding);
    return vectors;
  }

  async function embedOne(text: string, options?: EmbedOptions): Promise<Float32Array> {
    const [vector] = await embedAll([text], options);
    if (!vector) throw new RangeError("one text gives one vector");
    return vector;
  }

  function embed(text: string, options?: EmbedOptions): Promise<Float32Array>;
  function embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  function embed(
    input: string | readonly string[],
    options?: EmbedOptions,
  ): Promise<Float32Array | Float32Array[]>;
  function embed(
    input: string | readonly string[],
    options?: EmbedOptions,
  ): Promise<Float32Array | Float32Array[]> {
    return typeof input === "string" ? embedOne(input, options) : embedAll(input, options);
  }

  const close = (): Promise<void> => backend.close();
  return {
    driver: driver.name,
    device: driver.capabilities.device,
    arch: arch.name,
    model: name,
    dimensions: backend.dim,
    maxTokens: backend.maxTokens,
    dtype: backend.weightDtype,
    embed,
    embedQuery: (text) => embedOne(text, { inputType: "query" }),
    embedDocuments: (texts, options) =>
      embedAll(texts, { ...options, inputType: "document" }, "texts must be an array of strings"),
    stream,
    similarity: (a, b) => similarityBy(measure, a, b),
    fingerprint: () => backend.fingerprint(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function promptFor(inputType: EmbedOptions["inputType"], prompts: Prompts): string {
  switch (inputType) {
    case undefined:
      return prompts.text;
    case "query":
    case "document":
      return prompts[inputType];
    default:
      throw new InputError(
        `inputType must be "query" or "document", got ${JSON.stringify(inputType)}`,
      );
  }
}
