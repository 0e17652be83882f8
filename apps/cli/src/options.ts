import type { Pooling, WeightDType } from "@ripvec/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "./errors.js";

/** The source of a model's files. */
export interface SourceOptions {
  readonly revision?: string;
  readonly offline?: boolean;
}

/** The options that open a model on a driver, shared by all commands that run one. */
export interface ModelOptions extends SourceOptions {
  readonly model?: string;
  readonly driver: string;
  readonly arch?: string;
  readonly dtype?: WeightDType;
  readonly pooling?: Pooling;
  readonly normalize?: boolean;
  readonly threads?: number;
  readonly maxTokens?: number;
  readonly dimensions?: number;
  readonly renormalize?: boolean;
  readonly batchTokens?: number;
}

const dtypes: readonly WeightDType[] = ["f32", "f16", "bf16", "i8"];
const poolings: readonly Pooling[] = [
  "cls",
  "mean",
  "max",
  "mean_sqrt_len_tokens",
  "weightedmean",
  "last",
];

/** The help of the option `--driver`. */
export const driverHelp =
  "hardware to run on: auto, cpu, webgpu (with the npm package webgpu), an npm package such as ripvec-driver-x, or a file";

export function addSourceOptions(command: Command): Command {
  return command
    .option("--revision <name>", "branch, tag or commit of a Hugging Face id", notEmpty)
    .option("--offline", "use only files that are already downloaded");
}

export function addModelOptions(command: Command): Command {
  command.option(
    "-m, --model <dir-or-id>",
    "model directory or Hugging Face id (default: the built-in all-MiniLM-L6-v2)",
    notEmpty,
  );
  return addSourceOptions(command)
    .option("--driver <name>", driverHelp, notEmpty, "auto")
    .option(
      "--arch <name>",
      "architecture: classic-bert, an npm package, or a file (default: by the model's config.json)",
      notEmpty,
    )
    .addOption(
      oneOf(
        "--dtype <name>",
        "dtype of the model's matrices and tables in memory (default: f32; i8 if the model's files are in 8 bits)",
        dtypes,
      ),
    )
    .addOption(
      oneOf("--pooling <name>", "pooling instead of the one in the model's files", poolings),
    )
    .option("--normalize", "scale vectors to length 1, regardless of the model's files")
    .option("--no-normalize", "do not scale vectors, regardless of the model's files")
    .option("--threads <n>", "CPU threads (default: the cores this process may use)", positive)
    .option("--max-tokens <n>", "maximum tokens of a text (default: the model's limit)", positive)
    .option("--dimensions <n>", "keep the first n numbers of a vector (Matryoshka)", positive)
    .option(
      "--renormalize",
      "scale shortened vectors to length 1 again (default with --dimensions)",
    )
    .option("--no-renormalize", "do not scale shortened vectors, as in sentence-transformers")
    .option("--batch-tokens <n>", "maximum tokens of one batch (default: the driver's)", positive);
}

/** Parses a whole number of at least 1. */
export function positive(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError("It must be a whole number of at least 1.");
  }
  return value;
}

/** Refuses "", which an unset variable gives. */
export function notEmpty(text: string): string {
  if (text === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

/**
 * As `notEmpty`, for an option that may be given only once, because a second value would silently
 * replace the first.
 */
export function onlyOne(text: string, before: string | undefined): string {
  if (before !== undefined) throw new InvalidArgumentError("It can be given only once.");
  return notEmpty(text);
}

/** An option with known values. Any other value is a usage error that lists them. */
export function oneOf(
  flags: string,
  description: string,
  values: readonly string[],
  preset?: string,
): Option {
  const name = /--\w+/.exec(flags)?.[0] ?? flags;
  return new Option(flags, `${description}: ${values.join(", ")}`)
    .default(preset)
    .argParser((value: string) => {
      if (values.includes(value)) return value;
      throw new UsageError(`${name} ${quoted(value)}: must be ${alternatives(values)}`);
    });
}

const quoted = (value: string): string => (/^\S+$/.test(value) ? value : `"${value}"`);

/** "a, b or c" */
function alternatives(values: readonly string[]): string {
  const last = values.slice(-2).join(" or ");
  return [...values.slice(0, -2), last].join(", ");
}
