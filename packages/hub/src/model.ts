import { InputError, type ModelSource, type Tokenizer } from "@ripvec/core";

/** A model opened from its files: what an architecture needs, and the text side of it. */
export interface Model extends ModelSource {
  /** Adds the model's special tokens; neither truncates nor pads. */
  readonly tokenizer: Tokenizer;
  /** Texts to be put before an input, by name, from config_sentence_transformers.json; often empty. */
  readonly prompts: Readonly<Record<string, string>>;
  /** The prompt that the model's authors want when none is asked for. */
  readonly defaultPromptName?: string | undefined;
  /**
   * Where the model's files lie: a local folder; in browsers the URL of a folder. Of a model from the hub, files that
   * Python's cache holds stay there, and it is Python's folder when it holds all of them.
   */
  readonly directory: string;
}

/** Names that sentence-transformers gives to every model, without a text. */
const commonPrompts: readonly string[] = ["query", "document"];

/**
 * The text to put before each input: that of the named prompt, of the model's default prompt when no
 * name is given, or "" when there is none. "query" and "document" may be asked of every model. Throws
 * InputError that lists the known names.
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
