import { isJsonObject } from "../model-files.js";
import { checkDigits } from "./models/score.js";

/**
 * Parses the text of tokenizer.json. Throws SyntaxError when it is not JSON, and ModelFileError
 * when parsing would lose digits of the scores of a Unigram model that the reference would read.
 */
export function parseTokenizerJson(text: string): unknown {
  const json: unknown = JSON.parse(text);
  if (isJsonObject(json) && isJsonObject(json.model) && Array.isArray(json.model.vocab)) {
    checkDigits(text);
  }
  return json;
}
