/** Compares the ids of a tokenizer, as the built packages read it, with those of the reference. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRipvecError } from "../../packages/core/dist/index.js";
import { openModel } from "../../packages/hub/dist/index.js";

const numbers = (path) => {
  const bytes = readFileSync(path);
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

function sameIds(ours, theirs, from, length) {
  if (ours.length !== length) return false;
  for (let i = 0; i < length; i++) if (ours[i] !== theirs[from + i]) return false;
  return true;
}

/** `{ texts, mismatches, examples }`, or `{ refused }` with our message, or `{ referenceError }`. */
export async function compareTokenizer({ directory, out }, texts) {
  const reference = JSON.parse(readFileSync(join(out, "reference.json"), "utf8"));
  try {
    const { tokenizer } = await openModel(directory);
    if (reference.error !== undefined) return { accepted: true, referenceError: reference.error };
    const ids = numbers(join(out, "ids.u32"));
    const lengths = numbers(join(out, "lengths.u32"));
    const wrong = [];
    let from = 0;
    for (const [i, text] of texts.entries()) {
      if (!sameIds(tokenizer.encode(text).inputIds, ids, from, lengths[i])) wrong.push(text);
      from += lengths[i];
    }
    const examples = wrong.sort((a, b) => a.length - b.length).slice(0, 5);
    return { texts: texts.length, mismatches: wrong.length, ...(wrong.length > 0 && { examples }) };
  } catch (error) {
    if (!isRipvecError(error)) throw error;
    return { refused: `${error.name}: ${error.message.replaceAll(`${directory}/`, "")}` };
  }
}
