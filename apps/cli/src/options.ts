import { type Pooling, UnsupportedError, type WeightDType } from "@ripvec/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { driverNames } from "./drivers.js";

/** Where the files of a model come from. */
export interface SourceOptions {
  readonly revision?: string;
  readonly offline?: boolean;
}

/** What opens a model on a driver, as every command that runs one takes it. */
export interface ModelOptions extends SourceOptions {
  readonly model?: string;
  readonly driver: string;
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

export function addSourceOptions(command: Command): Command {
  return command
    .option("--revision <name>", "branch, tag or commit of a Hugging Face id", notEmpty)
    .option("--offline", "use only what was downloaded before");
}

export function addModelOptions(command: Command): Command {
  command.option(
    "-m, --model <dir-or-id>",
    "model directory or Hugging Face id (default: the built-in all-MiniLM-L6-v2)",
    notEmpty,
  );
  return addSourceOptions(command)
    .addOption(oneOf("--driver <name>", "hardware to run on", ["auto", ...driverNames], "auto"))
    .addOption(
      oneOf(
        "--dtype <name>",
        "what the model's matrices and tables are kept in (default: f32; i8 where the model's files are in 8 bits)",
        dtypes,
      ),
    )
    .addOption(oneOf("--pooling <name>", "instead of what the model's files say", poolings))
    .option("--normalize", "scale vectors to length 1, whatever the model's files say")
    .option("--no-normalize", "leave vectors as they are, whatever the model's files say")
    .option("--threads <n>", "CPU threads (default: the cores this process may use)", positive)
    .option("--max-tokens <n>", "most tokens of a text (default: what the model takes)", positive)
    .option("--dimensions <n>", "keep the first n numbers of a vector (Matryoshka)", positive)
    .option(
      "--renormalize",
      "scale shortened vectors to length 1 again (default with --dimensions)",
    )
    .option(
      "--no-renormalize",
      "leave shortened vectors as they are, as sentence-transformers does",
    )
    .option("--batch-tokens <n>", "most tokens in one batch (default: the driver's)", positive);
}

/** Parses a whole number from 1. */
export function positive(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError("It must be a whole number from 1.");
  }
  return value;
}

/** Refuses "", which a variable that is not set leaves behind. */
export function notEmpty(text: string): string {
  if (text === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

/** As `notEmpty`, for an option of which a second one would make the first go unheard. */
export function onlyOne(text: string, before: string | undefined): string {
  if (before !== undefined) throw new InvalidArgumentError("It can be given once.");
  return notEmpty(text);
}

/** An option with known values; any other is a usage error that lists them. */
export function oneOf(
  flags: string,
  description: string,
  values: readonly string[],
  preset?: string,
): Option {
  const what = /--(\w+)/.exec(flags)?.[1] ?? flags;
  return new Option(flags, `${description}: ${values.join(", ")}`)
    .default(preset)
    .argParser((value: string) => {
      if (values.includes(value)) return value;
      throw new InvalidArgumentError(
        `${new UnsupportedError({ what, value, supported: values }).message}.`,
      );
    });
}
