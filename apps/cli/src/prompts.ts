import { type Model, resolvePrompt } from "@ripvec/hub";
import { UsageError } from "./errors.js";

/**
 * What `--prompt` means: the name of one of the model's prompts, or, when it holds anything but ASCII letters,
 * digits, "_" and "-", the text itself. So a misspelt name is an error and not a strange prefix. Without it, the
 * model's default prompt.
 */
export function promptText(
  value: string | undefined,
  model: Pick<Model, "id" | "prompts" | "defaultPromptName">,
): string {
  if (value === undefined) return resolvePrompt(model);
  if (Object.hasOwn(model.prompts, value)) return resolvePrompt(model, value);
  if (!/^[\w-]+$/.test(value)) return value;
  if (value === "query" || value === "document") return resolvePrompt(model, value);
  const names = Object.keys(model.prompts);
  throw new UsageError(
    `the model has no prompt named "${value}" (${names.length > 0 ? `it has ${names.join(", ")}` : "it has none"}); ` +
      `a text of your own holds a space or a punctuation mark: --prompt "${value}: "`,
  );
}

/** The prompts of the two sides of a search, where the model has them. */
export function searchPrompts(prompts: Model["prompts"]): { query: string; passage: string } {
  const first = (...names: string[]): string =>
    names.map((name) => prompts[name]).find((text) => text !== undefined) ?? "";
  return {
    query: first("query", "search_query"),
    passage: first("passage", "document", "search_document"),
  };
}
