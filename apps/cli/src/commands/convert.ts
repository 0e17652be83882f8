import { resolve } from "node:path";
import { classicBert } from "@ripvec/arch-classic-bert";
import { printable } from "@ripvec/core";
import { type ConvertedModel, convertModel, type NarrowDType } from "@ripvec/hub";
import { Command } from "commander";
import { downloadLine } from "../download-line.js";
import { type Io, note, print } from "../io.js";
import { byteSize } from "../numbers.js";
import { addSourceOptions, notEmpty, oneOf, onlyOne, type SourceOptions } from "../options.js";
import { oneLine, StatusLine } from "../status-line.js";

interface ConvertOptions extends SourceOptions {
  readonly dtype: NarrowDType;
  readonly out: string;
}

const dtypes: readonly NarrowDType[] = ["i8", "f16", "bf16"];

const examples = `
Writes the model's matrices and tables in fewer bits, and copies the model's other files. The result
opens faster and gives the same vectors, bit for bit, as the original with the same --dtype:
  i8     a quarter of the size: 8 bits with a scale for each row. Opens in 8 bits without --dtype
  f16    half of the size. Open it with --dtype f16; without it, the model is computed in f32
  bf16   as f16, with less precision and a larger range
Python opens it too, with transformers and sentence-transformers; i8 needs pip install compressed-tensors.

--out must not exist yet. The folder appears whole or not at all.

Examples:
  ripvec convert BAAI/bge-small-en-v1.5 --dtype i8 --out bge-small-i8
  ripvec convert ./e5-large --dtype f16 --out e5-large-f16
  ripvec search "retries" src --model bge-small-i8
`;

export function convertCommand(io: Io): Command {
  const command = new Command("convert")
    .description("Write a model in fewer bits.")
    .argument("<model>", "model directory or Hugging Face id", notEmpty)
    .addOption(oneOf("--dtype <name>", "dtype of the result", dtypes).makeOptionMandatory())
    .requiredOption("-o, --out <dir>", "folder to write", onlyOne);
  return addSourceOptions(command)
    .addHelpText("after", examples)
    .action((model: string, options: ConvertOptions) => convert(io, model, options));
}

async function convert(io: Io, model: string, options: ConvertOptions): Promise<void> {
  const line = new StatusLine(io);
  let converted: ConvertedModel;
  try {
    converted = await convertModel(model, {
      arch: classicBert,
      dtype: options.dtype,
      out: resolve(io.cwd, options.out),
      revision: options.revision,
      offline: options.offline,
      signal: io.signal,
      onProgress: (progress) => line.draw(downloadLine(progress)),
      onConvert: ({ tensor, done, total }) =>
        line.draw(oneLine(`converting ${byteSize(done)} of ${byteSize(total)}: ${tensor}`)),
    });
  } finally {
    line.clear();
  }
  const { directory, leftOut, bytesBefore, bytesAfter, sha256 } = converted;
  if (leftOut.length > 0) {
    note(
      io,
      `note: not copied, because not downloaded or not a regular file: ${leftOut.join(", ")}`,
    );
  }
  const sizes = `${byteSize(bytesBefore)} → ${byteSize(bytesAfter)}`;
  await print(io, `${printable(directory)}  ${sizes}  SHA-256 of model.safetensors: ${sha256}\n`);
}
