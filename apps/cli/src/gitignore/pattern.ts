/** One line of a .gitignore file. */
export interface Pattern {
  /** The pattern without the leading and trailing signs. */
  readonly body: string;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** A pattern without a slash applies to the name alone, in every folder. */
  readonly nameOnly: boolean;
}

/** No system accepts a path this long. */
const maxPatternBytes = 4096;

/** Undefined for a comment, a blank line and a pattern that is longer than any path. */
export function parsePattern(line: string): Pattern | undefined {
  if (line.startsWith("#") || line.length > maxPatternBytes) return undefined;
  const [content = ""] = line.replace(/\r$/, "").split("\0", 1);
  const trimmed = withoutTrailingSpaces(content);
  const negated = trimmed.startsWith("!");
  const whole = negated ? trimmed.slice(1) : trimmed;
  const foldersOnly = whole.endsWith("/");
  const body = foldersOnly ? whole.slice(0, -1) : whole;
  if (body === "") return undefined;
  return { body: body.replace(/^\//, ""), negated, foldersOnly, nameOnly: !body.includes("/") };
}

/** Spaces at the end are kept only after a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\\") end = Math.min(++at + 1, line.length);
    else if (line[at] !== " ") end = at + 1;
  }
  return line.slice(0, end);
}
