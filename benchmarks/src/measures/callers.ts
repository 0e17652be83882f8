import type { Encoding, WeightDType } from "@ripvec/core";
import { randomEncodings } from "../encodings.js";
import type { Engine } from "../engines/engine.js";
import { vocabSize } from "../inputs.js";
import { openEngine, type RunContext } from "./context.js";
import { measure } from "./rounds.js";

/** Several callers with one text at a time each, compared with one call with all texts. */
export interface CallersRow {
  readonly engine: string;
  readonly dtype: WeightDType;
  readonly callers: number;
  readonly texts: number;
  readonly tokensPerText: number;
  readonly batchedTokensPerSecond: number;
  readonly callersTokensPerSecond: number;
  /** Tokens/s of the callers divided by those of the single call. */
  readonly ratio: number;
}

const callers = 8;
const texts = 256;
const tokensPerText = 128;

/** Measures each chosen engine of ripvec, in turn. */
export async function measureCallers(context: RunContext): Promise<CallersRow[]> {
  const lengths = new Array<number>(texts).fill(tokensPerText);
  const encodings = randomEncodings(lengths, { seed: 2, vocabSize, firstId: 1000 });
  const rows: CallersRow[] = [];
  for (const spec of context.engines.filter(({ side }) => side === "ours")) {
    const engine = await openEngine(context, spec, "ids");
    await engine.embed({ kind: "ids", encodings: encodings.slice(0, 16) });
    const timings = await measure(
      [
        { key: "batched", run: () => engine.embed({ kind: "ids", encodings }) },
        { key: "callers", run: () => embedOneByOne(engine, encodings) },
      ],
      context.rounds,
    );
    await engine.close();
    const [batched, concurrent] = timings.map(({ ms }) => (texts * tokensPerText * 1000) / ms);
    if (batched === undefined || concurrent === undefined) continue;
    rows.push({
      engine: spec.name,
      dtype: spec.dtype,
      callers,
      texts,
      tokensPerText,
      batchedTokensPerSecond: batched,
      callersTokensPerSecond: concurrent,
      ratio: concurrent / batched,
    });
  }
  return rows;
}

/** Each caller requests its next text when it has the vector of the previous one. */
async function embedOneByOne(engine: Engine, encodings: readonly Encoding[]): Promise<void> {
  const waiting = encodings.values();
  const caller = async () => {
    for (const encoding of waiting) await engine.embed({ kind: "ids", encodings: [encoding] });
  };
  await Promise.all(Array.from({ length: callers }, caller));
}
