import { ModelFileError, UnsupportedError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";
import { classOfModelType, classThatOverrules, pythonOnly } from "./model-types.js";

/** Special tokens by their role; the roles are those of transformers, in its order. */
export const roles = [
  "bos_token",
  "eos_token",
  "unk_token",
  "sep_token",
  "pad_token",
  "cls_token",
  "mask_token",
] as const;
export type Role = (typeof roles)[number];

/** How a class of transformers makes its tokenizer. */
export interface TokenizerClass {
  /** "file": takes tokenizer.json as it is. Else: takes the vocabulary from it and makes the rest itself. */
  readonly pipeline: "file" | "bert" | "mpnet" | "roberta" | "gpt2" | "xlm-roberta" | "camembert";
  /** Names under which files ask for it, without the ending "Fast". */
  readonly names: readonly string[];
  /** Special tokens that need not be named. */
  readonly specialTokens: Partial<Readonly<Record<Role, string>>>;
  /** Roles that must not be unset. */
  readonly required: readonly Role[];
  readonly tokenTypes: boolean;
  /** Vocabulary that serves where tokenizer.json is missing. */
  readonly vocabulary?: "vocab.txt" | "vocab.json" | undefined;
  /** No file names the class: it is the usual one of the model type. */
  readonly isAssumed?: true | undefined;
  /** With the pipeline "file": the class whose settings overrule single fields of tokenizer.json. */
  readonly settingsOf?: TokenizerClass["pipeline"] | undefined;
}

const bertTokens = {
  unk_token: "[UNK]",
  sep_token: "[SEP]",
  pad_token: "[PAD]",
  cls_token: "[CLS]",
  mask_token: "[MASK]",
};
const robertaTokens = {
  bos_token: "<s>",
  eos_token: "</s>",
  unk_token: "<unk>",
  sep_token: "</s>",
  pad_token: "<pad>",
  cls_token: "<s>",
  mask_token: "<mask>",
};
const endOfText = "<|endoftext|>";

const bert: TokenizerClass = {
  pipeline: "bert",
  names: [
    "BertTokenizer",
    "ElectraTokenizer",
    "LayoutLMTokenizer",
    "LxmertTokenizer",
    "MobileBertTokenizer",
    "SqueezeBertTokenizer",
  ],
  specialTokens: bertTokens,
  required: ["unk_token", "sep_token", "cls_token"],
  tokenTypes: true,
  vocabulary: "vocab.txt",
};

const file: TokenizerClass = {
  pipeline: "file",
  names: ["PreTrainedTokenizer", "PreTrainedTokenizerFast", "TokenizersBackend"],
  specialTokens: {},
  required: [],
  tokenTypes: false,
};

const classes: readonly TokenizerClass[] = [
  file,
  bert,
  { ...bert, names: ["DistilBertTokenizer"], tokenTypes: false },
  {
    pipeline: "mpnet",
    names: ["MPNetTokenizer"],
    specialTokens: { ...robertaTokens, unk_token: "[UNK]" },
    required: ["unk_token", "sep_token", "cls_token"],
    tokenTypes: false,
    vocabulary: "vocab.txt",
  },
  {
    pipeline: "roberta",
    names: [
      "RobertaTokenizer",
      "BartTokenizer",
      "LEDTokenizer",
      "LongformerTokenizer",
      "MvpTokenizer",
    ],
    specialTokens: robertaTokens,
    required: ["sep_token", "cls_token"],
    tokenTypes: false,
    vocabulary: "vocab.json",
  },
  {
    pipeline: "gpt2",
    names: ["GPT2Tokenizer"],
    specialTokens: { unk_token: endOfText, bos_token: endOfText, eos_token: endOfText },
    required: [],
    tokenTypes: false,
    vocabulary: "vocab.json",
  },
  {
    pipeline: "xlm-roberta",
    names: ["XLMRobertaTokenizer"],
    specialTokens: robertaTokens,
    required: ["bos_token", "eos_token"],
    tokenTypes: false,
  },
  {
    pipeline: "camembert",
    names: ["CamembertTokenizer"],
    specialTokens: robertaTokens,
    required: ["bos_token", "eos_token", "unk_token"],
    tokenTypes: false,
  },
];

const plainName = (name: string): string => name.replace(/Fast$/, "");
const classNamed = (name: string): TokenizerClass | undefined =>
  classes.find(({ names }) => names.some((known) => plainName(known) === plainName(name)));

/**
 * The class that AutoTokenizer of transformers 5 would take: that of tokenizer_config.json, else of
 * config.json, else that of the model type, else the one that takes tokenizer.json as it is; some model
 * types take no heed of the name. Throws UnsupportedError for a class that is not known here, or that no
 * file can describe.
 */
export function tokenizerClass(
  config: JsonObject,
  tokenizerConfig: JsonObject,
  place: string,
): TokenizerClass {
  const name = tokenizerConfig.tokenizer_class ?? config.tokenizer_class ?? undefined;
  const modelType = config.model_type;
  const usual = typeof modelType === "string" ? classOfModelType.get(modelType) : undefined;
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    throw new ModelFileError("tokenizer_class must be a name", { path: place });
  }
  refuseForeignCode(tokenizerConfig, place);
  if (name === undefined) {
    if (usual === undefined) return file;
    if (usual !== "") return { ...known(usual), isAssumed: true };
    throw new UnsupportedError({
      what: "model_type where tokenizer_config.json names no tokenizer_class",
      value: modelType,
      supported: [],
    });
  }
  const overruling = typeof modelType === "string" ? classThatOverrules.get(modelType) : undefined;
  if (overruling !== undefined && !classNamed(overruling)) {
    throw new UnsupportedError({
      what: `tokenizer_class (transformers takes it for the model_type ${String(modelType)}, whatever the files say)`,
      value: overruling,
      supported: [],
    });
  }
  return known(overruling ?? name);
}

function known(name: string): TokenizerClass {
  const found = classNamed(name);
  if (found) return found;
  const why = pythonOnly.get(plainName(name));
  throw new UnsupportedError({
    what: why
      ? `tokenizer_class (${why}, which only Python code can tell: use a model with another tokenizer)`
      : "tokenizer_class (it is not known here what transformers makes of it. In Python, AutoTokenizer.from_pretrained(dir).save_pretrained(dir) writes that down; then name PreTrainedTokenizerFast as tokenizer_class in tokenizer_config.json)",
    value: name,
    supported: classes.flatMap(({ names }) => names),
  });
}

/** Code of the model's own would decide. */
function refuseForeignCode(tokenizerConfig: JsonObject, place: string): void {
  const map = tokenizerConfig.auto_map;
  const code = isJsonObject(map) ? map.AutoTokenizer : map;
  if (code === undefined || code === null) return;
  throw new ModelFileError(
    `auto_map names code of the model's own for its tokenizer (${JSON.stringify(code)}), which is not run here`,
    { path: place },
  );
}
