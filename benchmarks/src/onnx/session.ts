import type { Encoding } from "@ripvec/core";
import { InferenceSession, Tensor } from "onnxruntime-node";

export interface SessionOptions {
  /** Threads inside an op; absent: one for each core. */
  readonly threads?: number;
  /** "disabled" runs the graph as written, "all" lets onnxruntime fuse it. */
  readonly optimization?: "disabled" | "all";
  /** Default "cpu". Ops that "webgpu" does not have run on the CPU. */
  readonly provider?: "cpu" | "webgpu";
}

/**
 * last_hidden_state of one text: [rows, columns] without padding, or only its first row when the
 * graph gives no more.
 */
export interface HiddenState {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** Runs an exported encoder in onnxruntime. */
export class OnnxEncoder {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Opens a graph from a file's path or from its bytes. */
  static async load(
    model: string | Uint8Array,
    options: SessionOptions = {},
  ): Promise<OnnxEncoder> {
    const session = await create(model, {
      executionProviders: [options.provider ?? "cpu"],
      intraOpNumThreads: options.threads ?? 0,
      interOpNumThreads: 1,
      graphOptimizationLevel: options.optimization ?? "all",
      logSeverityLevel: 3,
    });
    return new OnnxEncoder(session);
  }

  /**
   * One run over all texts, padded to the longest with `padId` and mask 0. Returns one state per
   * text. Throws RangeError when the graph has no mask and the texts differ in length.
   */
  async hiddenStates(encodings: readonly Encoding[], padId: number): Promise<HiddenState[]> {
    const sequence = Math.max(...encodings.map((encoding) => encoding.inputIds.length));
    const columnOf = (pick: (encoding: Encoding, at: number) => number | undefined, fill: number) =>
      new Tensor(
        "int64",
        BigInt64Array.from({ length: encodings.length * sequence }, (_, i) => {
          const encoding = encodings[Math.floor(i / sequence)];
          return BigInt((encoding && pick(encoding, i % sequence)) ?? fill);
        }),
        [encodings.length, sequence],
      );
    const feeds: Record<string, Tensor> = {
      input_ids: columnOf((encoding, at) => encoding.inputIds[at], padId),
    };
    const { inputNames } = this.#session;
    if (inputNames.includes("attention_mask")) {
      feeds.attention_mask = columnOf((encoding, at) => (at < encoding.inputIds.length ? 1 : 0), 0);
    } else if (encodings.some((encoding) => encoding.inputIds.length < sequence)) {
      throw new RangeError("a graph without a mask accepts only texts of one length");
    }
    if (inputNames.includes("token_type_ids")) {
      feeds.token_type_ids = columnOf((encoding, at) => encoding.tokenTypeIds?.[at], 0);
    }
    const { last_hidden_state: output } = await this.#session.run(feeds);
    return splitRows(output as Tensor, encodings);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** The overloads of `InferenceSession.create` accept one or the other. */
function create(
  model: string | Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  return typeof model === "string"
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options);
}

function splitRows(output: Tensor, encodings: readonly Encoding[]): HiddenState[] {
  const [, sequence = 0, columns = 0] = output.dims;
  const data = output.data as Float32Array;
  return encodings.map((encoding, index) => {
    const rows = Math.min(encoding.inputIds.length, sequence);
    const from = index * sequence * columns;
    return { rows, columns, data: data.subarray(from, from + rows * columns) };
  });
}
