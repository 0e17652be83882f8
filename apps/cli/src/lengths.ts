import { UsageError } from "./errors.js";
import { counted } from "./numbers.js";
import { median } from "./statistics.js";
import { uniform } from "./uniform.js";

/** The number of tokens of each text of a benchmark. */
export interface Lengths {
  readonly description: string;
  readonly tokens: readonly number[];
}

const mixedTexts = 256;
const mixedRange = { min: 8, max: 512 } as const;
/** Parameters of the logarithm; the resulting mean is about 120 tokens. */
const mixedLog = { mean: 4.5, deviation: 0.8 } as const;
const maxTexts = 100_000;

/**
 * "mixed": 256 texts with log-normal lengths from 8 to 512, always the same. "32x128,8x512": 32
 * texts of 128 tokens and 8 of 512. Lengths above `maxTokens` are reduced to it. Throws UsageError.
 */
export function parseLengths(spec: string, maxTokens: number): Lengths {
  const asked = spec === "mixed" ? mixed() : spec.split(",").flatMap(parseGroup);
  if (asked.length > maxTexts)
    throw new UsageError(`--lengths asks for more than ${maxTexts} texts`);
  const tokens = asked.map((length) => Math.min(length, maxTokens));
  return { description: describe(spec, tokens), tokens };
}

function parseGroup(group: string): number[] {
  const match = /^(\d{1,6})x(\d{1,6})$/.exec(group.trim());
  const [texts, length] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || texts < 1 || length < 3) {
    throw new UsageError(
      `--lengths must be mixed or groups such as 32x128,8x512 (texts x tokens, at least 3 tokens), got "${group.trim()}"`,
    );
  }
  return new Array<number>(texts).fill(length);
}

function mixed(): number[] {
  const random = uniform(42);
  return Array.from({ length: mixedTexts }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const length = Math.round(Math.exp(mixedLog.mean + mixedLog.deviation * normal));
    return Math.min(Math.max(length, mixedRange.min), mixedRange.max);
  });
}

function describe(spec: string, tokens: readonly number[]): string {
  const total = tokens.reduce((sum, length) => sum + length, 0);
  const shape =
    `${Math.min(...tokens)}–${Math.max(...tokens)} tokens, ` +
    `median ${Math.round(median(tokens))}, mean ${Math.round(total / tokens.length)}`;
  return `${spec}: ${counted(tokens.length, "text")}, ${shape}`;
}
