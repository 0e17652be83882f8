import { type Encoding, printable, type Tokenizer } from "@ripvec/core";
import { Command } from "commander";
import { jsonText } from "../formats/json-text.js";
import { type Io, print } from "../io.js";
import { type Lengths, parseLengths } from "../lengths.js";
import { compact, counted } from "../numbers.js";
import { addModelOptions, type ModelOptions, positive } from "../options.js";
import { openSession, type Session } from "../session.js";
import { median, quantile } from "../statistics.js";
import { StatusLine } from "../status-line.js";
import { uniform } from "../uniform.js";

interface BenchOptions extends ModelOptions {
  readonly lengths: string;
  readonly rounds: number;
  readonly json?: boolean;
}

/** Spread over all rounds, in the unit of the median. */
interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

interface BenchResult {
  readonly model: string;
  readonly backend: string;
  readonly device: string;
  /** The dtype of matrices on the driver. */
  readonly dtype: string;
  readonly lengths: string;
  readonly texts: number;
  readonly tokens: number;
  readonly rounds: number;
  readonly loadMs: number;
  readonly tokensPerSecond: Spread;
  readonly textsPerSecond: Spread;
}

/** Its words give the token ids that the texts are made of. */
const sampleText =
  "The quick brown fox reads files, splits words into tokens and returns one vector per text. " +
  "const total = items.reduce((sum, item) => sum + item.size, 0);";

const examples = `
Measures the forward pass on token ids, without the tokenizer: one round to warm up, then --rounds
rounds over all texts. Compare speeds only at the same length distribution.

--lengths is mixed (256 texts, log-normal from 8 to 512 tokens, always the same) or groups of
texts x tokens.

Examples:
  ripvec bench
  ripvec bench --lengths 32x128 --threads 1
  ripvec bench --lengths 32x128 --dtype f32
  ripvec bench --model ./bge-small-en-v1.5 --lengths 1x16,32x512 --json
`;

export function benchCommand(io: Io): Command {
  const command = new Command("bench")
    .description("Measure tokens per second on this machine.")
    .option("--lengths <spec>", "length distribution: mixed, or groups such as 32x128", "mixed")
    .option("--rounds <n>", "rounds to measure", positive, 7)
    .option("--json", "print one JSON object");
  return addModelOptions(command)
    .addHelpText("after", examples)
    .action((options: BenchOptions) => bench(io, options));
}

async function bench(io: Io, options: BenchOptions): Promise<void> {
  const startedAt = performance.now();
  const session = await openSession(options, io);
  try {
    const loadMs = performance.now() - startedAt;
    const lengths = parseLengths(options.lengths, session.backend.maxTokens);
    const result = await measure(io, session, lengths, { ...options, loadMs });
    await print(io, options.json ? `${jsonText(result, 2)}\n` : render(result));
  } finally {
    await session.backend.close();
  }
}

async function measure(
  io: Io,
  { model, modelName, backend, device }: Session,
  lengths: Lengths,
  { rounds, loadMs }: BenchOptions & { readonly loadMs: number },
): Promise<BenchResult> {
  const encodings = makeEncodings(model.tokenizer, lengths.tokens);
  const tokens = lengths.tokens.reduce((sum, length) => sum + length, 0);
  const seconds: number[] = [];
  const line = new StatusLine(io);
  for (let round = 0; round <= rounds; round++) {
    line.draw(() => (round === 0 ? "warming up" : `round ${round} of ${rounds}`));
    const roundAt = performance.now();
    await backend.embedBatch(encodings, { signal: io.signal });
    if (round > 0) seconds.push((performance.now() - roundAt) / 1000);
  }
  line.clear();
  return {
    model: modelName,
    backend: backend.name,
    device,
    dtype: backend.weightDtype,
    lengths: lengths.description,
    texts: encodings.length,
    tokens,
    rounds,
    loadMs,
    tokensPerSecond: spread(seconds.map((time) => tokens / time)),
    textsPerSecond: spread(seconds.map((time) => encodings.length / time)),
  };
}

/**
 * Texts of exactly these lengths: random ids of known words between the tokenizer's opening and
 * closing ids.
 */
function makeEncodings(tokenizer: Tokenizer, lengths: readonly number[]): Encoding[] {
  const ids = Array.from(tokenizer.encode(sampleText).inputIds);
  const suffix = tokenizer.suffixTokens;
  const prefix = tokenizer.encode("").inputIds.length - suffix;
  const inner = ids.slice(prefix, ids.length - suffix);
  const random = uniform(7);
  return lengths.map((length) => {
    const count = Math.max(length - prefix - suffix, 0);
    const middle = Array.from(
      { length: count },
      () => inner[Math.floor(random() * inner.length)] ?? 0,
    );
    const all = [...ids.slice(0, prefix), ...middle, ...ids.slice(ids.length - suffix)];
    return { inputIds: Int32Array.from(all.slice(0, length)) };
  });
}

const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  low: quantile(values, 0),
  high: quantile(values, 1),
});

function render(result: BenchResult): string {
  const range = ({ median: middle, low, high }: Spread): string =>
    `${compact(middle)}  (${compact(low)} … ${compact(high)} in ${counted(result.rounds, "round")})`;
  const rows = [
    ["model", result.model],
    ["driver", `${result.backend}, ${result.device}`],
    ["weights", result.dtype],
    ["lengths", result.lengths],
    ["load", `${Math.round(result.loadMs)} ms`],
    ["tokens/s", range(result.tokensPerSecond)],
    ["texts/s", range(result.textsPerSecond)],
  ];
  return rows.map(([name = "", value = ""]) => `${name.padEnd(10)}${printable(value)}\n`).join("");
}
