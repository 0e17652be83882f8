import { InputError, type ModelSource, type Tokenizer } from "@ripvec/core";

/** An opened model: what an architecture needs, the tokenizer and the prompts. */
export interface Model extends ModelSource {
  /** It adds the model's special tokens, and neither truncates nor pads. */
  readonly tokenizer: Tokenizer;
  /** Texts to put before an input, by name, from config_sentence_transformers.json; often empty. */
  readonly prompts: Readonly<Record<string, string>>;
  /** The name of the prompt that the model uses when none is named. */
  readonly defaultPromptName?: string | undefined;
  /**
   * `similarity_fn_name` of config_sentence_transformers.json: how sentence-transformers compares the
   * model's vectors: "cosine", "dot", "euclidean" or "manhattan". Opening a model does not check
   * the name.
   */
  readonly similarityFunction?: string | undefined;
  /**
   * Where the model's files lie: a local folder; in browsers the URL of a folder. For a model from
   * the hub, files that Python's cache holds stay there, and this is Python's folder when it holds
   * all of them.
   */
  readonly directory: string;
}

/** Prompt names that sentence-transformers gives to every model, with empty texts. */
const commonPrompts: readonly string[] = ["query", "document"];

/**
 * The text to put before each input: that of the named prompt; without a name that of the model's
 * default prompt, or "". Every model accepts the names "query" and "document". Throws InputError
 * that lists the known names.
 */
export function resolvePrompt(
  model: Pick<Model, "id" | "prompts" | "defaultPromptName">,
  name?: string,
): string {
  const wanted = name ?? model.defaultPromptName;
  if (wanted === undefined) return "";
  const prompt = Object.hasOwn(model.prompts, wanted) ? model.prompts[wanted] : undefined;
  if (prompt !== undefined) return prompt;
  if (commonPrompts.includes(wanted)) return "";
  const known = Object.keys(model.prompts).map((key) => JSON.stringify(key));
  throw new InputError(
    `${model.id} has no prompt ${JSON.stringify(wanted)}; ${known.length > 0 ? `known prompts: ${known.join(", ")}` : "it has no prompts"}`,
  );
}
