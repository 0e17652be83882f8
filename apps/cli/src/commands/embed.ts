import { resolve } from "node:path";
import { embedTexts, InputError, isRipvecError } from "@ripvec/core";
import { Command } from "commander";
import { UsageError } from "../errors.js";
import type { RowFormat } from "../formats/format.js";
import { json } from "../formats/json.js";
import { jsonl } from "../formats/jsonl.js";
import { npy } from "../formats/npy.js";
import { type Io, note, print } from "../io.js";
import { counted } from "../numbers.js";
import { addModelOptions, type ModelOptions, oneOf, onlyOne } from "../options.js";
import { Progress } from "../progress.js";
import { promptText } from "../prompts.js";
import { openSession, type Session } from "../session.js";
import {
  HeldFailure,
  linesOfFile,
  linesOfStream,
  type TextSource,
  textsOf,
} from "../text-source.js";

interface EmbedOptions extends ModelOptions {
  readonly file?: string;
  readonly prompt?: string;
  readonly overflow: "truncate" | "error";
  readonly format: string;
}

/** Names of standard input. When standard input is a socket, it cannot be opened by them. */
const standardInput: ReadonlySet<string> = new Set(["/dev/stdin", "/dev/fd/0"]);

const formats: Readonly<Record<string, (dim: number) => RowFormat>> = { jsonl, json, npy };

const examples = `
Texts come from the arguments, from --file, or from standard input, one text per line, in UTF-8 or,
with a byte order mark, in UTF-16. Rows are printed in order while later texts are still being read:
  {"index":0,"text":"hello","tokens":3,"truncated":false,"embedding":[0.01,…]}
json is one array of such rows; npy is a NumPy file, float32 [texts, dimensions].

--prompt takes the name of one of the model's prompts (such as query) or your own text, which
must contain a space or a punctuation mark.

Examples:
  ripvec embed "hello world" "good morning"
  ripvec embed --file questions.txt --prompt query --model ./e5-small > questions.jsonl
  cat sentences.txt | ripvec embed --format npy > sentences.npy
`;

export function embedCommand(io: Io): Command {
  const command = new Command("embed")
    .description("Turn texts into vectors.")
    .argument("[texts...]", "texts to embed")
    .option("-f, --file <path>", "file with one text per line", onlyOne);
  return addModelOptions(command)
    .option("--prompt <name-or-text>", "text to put before each input")
    .addOption(
      oneOf(
        "--overflow <what>",
        "what to do with texts beyond --max-tokens",
        ["truncate", "error"],
        "truncate",
      ),
    )
    .addOption(oneOf("--format <name>", "output", Object.keys(formats), "jsonl"))
    .addHelpText("after", examples)
    .action((texts: string[], options: EmbedOptions) => embed(io, texts, options));
}

async function embed(io: Io, args: readonly string[], options: EmbedOptions): Promise<void> {
  if (options.format === "npy" && io.stdout.isTTY) {
    throw new UsageError("npy is binary: redirect it to a file, as in --format npy > vectors.npy");
  }
  const source = await openSource(io, args, options.file);
  const session = await openSession(options, io);
  try {
    await printRows(io, source, session, options);
  } finally {
    await session.backend.close();
  }
}

async function openSource(io: Io, args: readonly string[], file?: string): Promise<TextSource> {
  if (args.length > 0) {
    if (file !== undefined) throw new UsageError("give texts or --file, not both");
    return textsOf(args);
  }
  if (file !== undefined && !standardInput.has(file)) {
    return linesOfFile({ name: file, path: resolve(io.cwd, file), signal: io.signal });
  }
  if (file !== undefined || !io.stdin.isTTY) return linesOfStream(io.stdin);
  throw new UsageError(
    'nothing to embed: give texts, --file, or lines on standard input, as in ripvec embed "hello world"',
  );
}

async function printRows(
  io: Io,
  source: TextSource,
  { model, backend }: Session,
  options: EmbedOptions,
): Promise<void> {
  const format = (formats[options.format] ?? jsonl)(backend.dim);
  const progress = new Progress(io, { label: "embedding" });
  let [rowCount, truncated] = [0, 0];
  const held = new HeldFailure();
  const rows = embedTexts(backend, model.tokenizer, held.texts(source.texts), {
    signal: io.signal,
    overflow: options.overflow,
    prompt: promptText(options.prompt, model),
    onProgress(done) {
      // Rows on the same terminal would break the status line.
      if (!io.stdout.isTTY) progress.update({ ...done, fraction: source.doneFraction(done.texts) });
    },
  });
  try {
    for await (const row of rows) {
      rowCount++;
      if (row.truncated) truncated++;
      const text = format.row(row);
      if (text !== undefined) await print(io, text);
    }
    held.check();
  } catch (error) {
    throw withPlace(error, source);
  } finally {
    progress.clear();
  }
  const rest = format.end();
  if (rest !== undefined) await print(io, rest);
  if (rowCount === 0) note(io, `note: ${source.name} has no lines`);
  if (truncated > 0) {
    note(io, `note: ${counted(truncated, "text")} cut to ${backend.maxTokens} tokens`);
  }
}

/** Replaces the index in an error about a text by the text's line. */
function withPlace(error: unknown, source: TextSource): unknown {
  if (!isRipvecError(error) || !("index" in error)) return error;
  const { index, message } = error;
  const place = typeof index === "number" ? source.place(index) : undefined;
  if (typeof index !== "number" || place === undefined) return error;
  const problem = message.replace(/^text \d+:? /, "");
  return new InputError(`${place}: ${problem}`, { index, cause: error });
}
