import { type Model, resolvePrompt } from "@ripvec/hub";
import { UsageError } from "./errors.js";

/**
 * The text of `--prompt`: that of the model's prompt with this name or, when it contains anything
 * but ASCII letters, digits, "_" and "-", the value itself. A misspelt name is therefore an error
 * and not an unintended prefix. Without the option, the model's default prompt.
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
      `your own text must contain a space or a punctuation mark: --prompt "${value}: "`,
  );
}
