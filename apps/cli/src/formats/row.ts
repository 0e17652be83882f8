import type { EmbeddedText } from "@ripvec/core";
import { jsonText } from "./json-text.js";

/** Nine significant digits restore every f32 exactly. */
const numberText = (value: number): string => String(Number(value.toPrecision(9)));

/** `{"index":0,"text":"…","tokens":12,"truncated":false,"embedding":[…]}`, without a line end. */
export function rowText(row: EmbeddedText): string {
  const embedding = Array.from(row.embedding, numberText).join(",");
  return (
    `{"index":${row.index},"text":${jsonText(row.text)},"tokens":${row.tokens},` +
    `"truncated":${row.truncated},"embedding":[${embedding}]}`
  );
}
