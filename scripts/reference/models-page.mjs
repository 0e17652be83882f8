/** Writes docs/models.md from results.json. With --check it only tests whether the page is up to date. */
import { readFileSync, writeFileSync } from "node:fs";

const page = new URL("../../docs/models.md", import.meta.url);
const { software, vectors, tokens } = JSON.parse(
  readFileSync(new URL("results.json", import.meta.url), "utf8"),
);

/** For each `model_type`: the rows of results.json that test it, and models on the hub that have it. */
const families = [
  {
    type: "bert",
    rows: ["all-MiniLM-L6-v2", "BERT-base", "BERT-large"],
    models: [
      "BAAI/bge-small-en-v1.5",
      "BAAI/bge-base-en-v1.5",
      "intfloat/e5-base-v2",
      "thenlper/gte-base",
    ],
  },
  {
    type: "distilbert",
    rows: ["DistilBERT", "DistilBERT-base"],
    models: ["sentence-transformers/multi-qa-distilbert-cos-v1"],
  },
  {
    type: "roberta",
    rows: ["RoBERTa", "RoBERTa-base"],
    models: ["sentence-transformers/all-distilroberta-v1"],
  },
  {
    type: "xlm-roberta",
    rows: ["XLM-RoBERTa", "XLM-RoBERTa-base"],
    models: ["BAAI/bge-m3 (dense vectors)", "intfloat/multilingual-e5-base"],
  },
  {
    type: "camembert",
    rows: ["CamemBERT", "CamemBERT-base"],
    models: ["dangvantuan/sentence-camembert-base"],
  },
  { type: "electra", rows: ["ELECTRA", "ELECTRA-small"], models: [] },
  { type: "ernie", rows: ["ERNIE", "ERNIE with task types", "ERNIE-base"], models: [] },
];

const how = { real: "real weights", transplanted: "real weights, moved", random: "random weights" };
const figure = (value) =>
  value === null ? "not a number" : value <= 0 ? "0" : value.toExponential(1);
const cell = (text) => String(text).replaceAll("|", "\\|").replaceAll("\n", " ");
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows]
    .map((row) => `| ${row.map(cell).join(" | ")} |`)
    .join("\n");

function outcome(row) {
  if (row.error) return ["", "", `not made: ${row.error.slice(0, 100)}`];
  if (row.refused) return ["", "", `refused: ${row.refused}`];
  if (!row.dtypes) return ["", "", row.crash ? "untyped error" : "the reference does not open it"];
  return [row.texts, row.tokenMismatches, figure(row.dtypes.f32.cosine)];
}

function familyRows() {
  return families.flatMap(({ type, rows, models }) =>
    vectors
      .filter(
        (row) =>
          rows.includes(row.name) && ["original", "transplants", "random"].includes(row.group),
      )
      .map((row, i) => [
        i === 0 ? `\`${type}\`` : "",
        row.name,
        how[row.basis],
        ...outcome(row),
        i === 0 ? models.join(", ") : "",
      ]),
  );
}

const groupRows = (...groups) =>
  vectors
    .filter((row) => groups.includes(row.group))
    .map((row) => [row.name, row.about, ...outcome(row)]);

function dtypeRows() {
  return vectors
    .filter((row) => row.dtypes && Object.keys(row.dtypes).length > 1)
    .map((row) => [
      row.name,
      how[row.basis],
      ...["f32", "f16", "bf16", "i8"].map((dtype) => figure(row.dtypes[dtype].cosine)),
    ]);
}

const tokenRows = () =>
  tokens.map((row) => [
    row.name,
    row.basis,
    row.about,
    row.texts ?? "",
    row.mismatches ?? (row.refused ? `refused: ${row.refused}` : "not compared"),
  ]);

const refusedRows = () =>
  vectors
    .filter((row) => row.group === "refused")
    .map((row) => [row.name, row.about, row.refused ?? "not refused"]);

const measured = ["texts", "other tokens", "1 − cos in f32"];
const versions = software
  .filter((line) => /^(transformers|sentence-transformers|tokenizers|torch)=/.test(line))
  .map((line) => line.replace("==", " "));

const text = `# Which models work

<!-- Written by scripts/reference/models-page.mjs from scripts/reference/results.json. Do not edit. -->

A model works if it is one of the encoders below, its modules are known, and its tokenizer can be read. Everything else is refused by
name before its weights are downloaded. This page lists what was compared with Hugging Face's own software
(${versions.join(", ")}), and how close the results are. \`node scripts/reference/run.mjs\` reproduces every row.

* **real weights**: all-MiniLM-L6-v2 as published.
* **real weights, moved**: the same weights in the files of another architecture. The reference then gives the vectors of
  all-MiniLM-L6-v2, so the row tests real activations.
* **random weights**: a model of the class in transformers, at its real size.

"Other tokens" counts the texts whose token ids differ. "1 − cos" is the largest value over all texts. The texts are in many languages, and
include emoji, code, white space, empty texts and texts beyond the limit of the model.

The reference computes in f32, also where a file holds f16 or bf16. By default Python computes in the file's own dtype
(\`model_kwargs={"dtype": torch.float32}\` changes that), and its vectors then contain that rounding.

## Architectures

${table(["`model_type`", "compared", "how", ...measured, "models on the hub with this architecture, not run with their own weights"], familyRows())}

A model in the last column has an architecture and a set of files that are tested here. Its own weights were not available.

## Precision

\`dtype\` is the dtype that matrices and tables are kept in. Largest 1 − cos, compared with the reference in f32:

${table(["model", "how", "f32", "f16", "bf16", "i8"], dtypeRows())}

The worst text is usually one of a few tokens.

## Versions of sentence-transformers

all-MiniLM-L6-v2, as each version saves it:

${table(["version", "what", ...measured], groupRows("versions"))}

## Weight and tokenizer files

${table(["files", "what", ...measured], groupRows("files"))}

## Checkpoints in 8 bits

A tensor \`X\` of dtype I8 and shape [rows, columns] is read together with the tensor \`X_scale\`, which has one scale for each row: F32 of
shape [rows, 1]. The shape [rows] and the dtypes F16 and BF16 are read too, and widened exactly. In a sharded checkpoint it may lie in
another shard.

* **What it means**: weight [r, c] is \`X\`[r, c] · \`X_scale\`[r], one multiplication in f32. Scales are finite and not negative. There are
  no zero points.
* **What is in 8 bits**: matrices and embedding tables. Biases, layer norms and the modules after the encoder are floats.
* **How \`ripvec convert --dtype i8\` makes it**: in f32, scale = max(max |w| of the row / 127, 2⁻¹²⁶), and value = w · (1 / scale), rounded
  to nearest even, in −127 … 127. \`dtype: "i8"\` does the same when a model of floats is loaded, so both give the same bits.
* **What \`config.json\` states**: the format \`int-quantized\` of compressed-tensors, so that transformers reads the file as well:

\`\`\`json
{
  "dtype": "float32",
  "quantization_config": {
    "quant_method": "compressed-tensors",
    "format": "int-quantized",
    "quantization_status": "compressed",
    "dequantize": true,
    "config_groups": {
      "group_0": {
        "targets": ["Linear", "Embedding"],
        "weights": { "num_bits": 8, "type": "int", "symmetric": true, "strategy": "channel" },
        "format": "int-quantized"
      }
    }
  }
}
\`\`\`

transformers 5 with compressed-tensors 0.15 or later then computes with exactly these weights, in floats: its vectors are bit for bit
those of a checkpoint in f32 that holds the products. Without that package it refuses the model and names the package. Without
\`quantization_config\` it would warn, and use the integers as weights.

Files that other software writes in this format are read too: a scale for each row ("channel"), symmetric, 8-bit integers. Whether
activations are rounded as well, as in W8A8 models, depends on \`dtype\` alone. Every other quantisation is refused by name: see
[@ripvec/hub](../packages/hub/README.md#quantised-checkpoints).

Checkpoints in f16 and bf16 are ordinary ones, with \`"dtype": "float16"\` or \`"bfloat16"\`.

## Modules and settings

${table(["case", "what", ...measured], groupRows("modules", "settings"))}

## Tokenizers

Half of the texts are random mixtures of unusual Unicode, and half are lines from documentation, translations and code.

${table(["tokenizer", "how", "what", "texts", "texts with other tokens"], tokenRows())}

## What is refused

${table(["model", "why", "what the error says"], refusedRows())}

The READMEs of [@ripvec/hub](../packages/hub/README.md) and [@ripvec/arch-classic-bert](../packages/arch-classic-bert/README.md) list
everything that is refused.
`;

if (!process.argv.includes("--check")) writeFileSync(page, text);
else if (readFileSync(page, "utf8") !== text) {
  console.error(
    "docs/models.md is out of date: run node scripts/reference/models-page.mjs, and commit the page",
  );
  process.exit(1);
}
