import { ModelFileError, UnsupportedError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";
import { classOfModelType, overridingClass, pythonOnly } from "./model-types.js";

/** Special tokens by their role. The roles and their order are those of transformers. */
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
  /**
   * "file": uses tokenizer.json unchanged. Other values: takes only the vocabulary from it and
   * makes the rest itself.
   */
  readonly pipeline: "file" | "bert" | "mpnet" | "roberta" | "gpt2" | "xlm-roberta" | "camembert";
  /** The names by which files request it, without the ending "Fast". */
  readonly names: readonly string[];
  /** The special tokens of the class when no file names others. */
  readonly specialTokens: Partial<Readonly<Record<Role, string>>>;
  /** Roles that must be set. */
  readonly required: readonly Role[];
  readonly tokenTypes: boolean;
  /** The vocabulary file that replaces a missing tokenizer.json. */
  readonly vocabulary?: "vocab.txt" | "vocab.json" | undefined;
  /** True when no file names the class and it is the default of the model type. */
  readonly isAssumed?: true | undefined;
  /**
   * With the pipeline "file": the class whose settings override single fields of tokenizer.json.
   */
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
 * The class that AutoTokenizer of transformers 5 would use: that of tokenizer_config.json, else of
 * config.json, else that of the model type, else the one that uses tokenizer.json unchanged. For
 * some model types the named class is ignored. Throws UnsupportedError for a class that is not
 * supported, or that no file can describe.
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
  const overriding = typeof modelType === "string" ? overridingClass.get(modelType) : undefined;
  if (overriding !== undefined && !classNamed(overriding)) {
    throw new UnsupportedError({
      what: `tokenizer_class (transformers uses it for the model_type ${String(modelType)}, whatever class the files name)`,
      value: overriding,
      supported: [],
    });
  }
  return known(overriding ?? name);
}

function known(name: string): TokenizerClass {
  const found = classNamed(name);
  if (found) return found;
  const why = pythonOnly.get(plainName(name));
  throw new UnsupportedError({
    what: why
      ? `tokenizer_class (${why}, which only its Python code can do: use a model with another tokenizer)`
      : "tokenizer_class (ripvec does not know how transformers builds it. In Python, AutoTokenizer.from_pretrained(dir).save_pretrained(dir) writes the result to tokenizer.json; then name PreTrainedTokenizerFast as tokenizer_class in tokenizer_config.json)",
    value: name,
    supported: classes.flatMap(({ names }) => names),
  });
}

/** The model's own code would decide about the tokenizer. */
function refuseForeignCode(tokenizerConfig: JsonObject, place: string): void {
  const map = tokenizerConfig.auto_map;
  const code = isJsonObject(map) ? map.AutoTokenizer : map;
  if (code === undefined || code === null) return;
  throw new ModelFileError(
    `auto_map names the model's own code for its tokenizer (${JSON.stringify(code)}), which is not run here`,
    { path: place },
  );
}
