/** One member of a JSON object, with its text. */
export interface JsonMember {
  readonly key: string;
  /** `"key": value` */
  readonly source: string;
}

const string = /"[^"\\]*(?:\\.[^"\\]*)*"/;
const stringOrBracket = new RegExp(`${string.source}|[{}[\\],]`, "g");
const leadingString = new RegExp(`^${string.source}`);

/** The members of a JSON object in order, duplicates included. `text` must be valid JSON. */
export function membersOf(text: string): JsonMember[] {
  const members: JsonMember[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(stringOrBracket)) {
    const opens = token === "{" || token === "[";
    const closes = token === "}" || token === "]";
    if (closes) depth--;
    const ends = depth === 0 ? closes : depth === 1 && token === ",";
    if (ends) {
      const source = text.slice(start, index).trim();
      const [key] = leadingString.exec(source) ?? [];
      if (key !== undefined) members.push({ key: String(JSON.parse(key)), source });
    }
    if (opens) depth++;
    if (ends || (opens && depth === 1)) start = index + 1;
  }
  return members;
}
