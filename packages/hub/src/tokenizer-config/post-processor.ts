import type { JsonObject } from "@ripvec/core/arch";
import { option, prefixSpace } from "./pipelines.js";
import type { Role, TokenizerClass } from "./tokenizer-class.js";
import type { TokenizerFiles } from "./tokenizer-files.js";

/** A special token with its id. */
export type PlacedToken = readonly [content: string, id: number];

/** The `post_processor` of the class: the special tokens around a text. */
export function makePostProcessor(
  by: TokenizerClass,
  files: TokenizerFiles,
  token: (role: Role) => PlacedToken | undefined,
): unknown {
  const { vocabulary } = files;
  switch (by.pipeline) {
    case "file":
      return vocabulary.kind === "tokenizer.json" ? (vocabulary.json.post_processor ?? null) : null;
    case "gpt2":
      if (vocabulary.kind === "tokenizer.json") return vocabulary.json.post_processor ?? null;
      return template(
        option(files, "add_bos_token", false) ? token("bos_token") : undefined,
        option(files, "add_eos_token", false) ? token("eos_token") : undefined,
      );
    case "bert":
      return template(token("cls_token"), token("sep_token"));
    case "xlm-roberta":
    case "camembert":
      return template(token("bos_token"), token("eos_token"));
    case "roberta":
    case "mpnet":
      return {
        type: "RobertaProcessing",
        sep: token("sep_token"),
        cls: token("cls_token"),
        trim_offsets: by.pipeline === "mpnet" || option(files, "trim_offsets", true),
        add_prefix_space: by.pipeline === "roberta" && prefixSpace(files, false),
      };
    default:
      throw new Error(`no pipeline ${by.pipeline satisfies never}`);
  }
}

function template(before: PlacedToken | undefined, after: PlacedToken | undefined): JsonObject {
  const special = (placed: PlacedToken | undefined): JsonObject[] =>
    placed ? [{ SpecialToken: { id: placed[0], type_id: 0 } }] : [];
  const tokens = [before, after].filter((placed) => placed !== undefined);
  return {
    type: "TemplateProcessing",
    single: [...special(before), { Sequence: { id: "A", type_id: 0 } }, ...special(after)],
    pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens: Object.fromEntries(
      tokens.map(([content, id]) => [content, { id: content, ids: [id], tokens: [content] }]),
    ),
  };
}
