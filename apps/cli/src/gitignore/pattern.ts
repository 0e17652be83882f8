/** One line of a .gitignore file. */
export interface Pattern {
  /** Without the signs for what follows. */
  readonly body: string;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** Without a slash, a pattern is for the name alone, in whatever folder. */
  readonly nameOnly: boolean;
}

/** No system takes a path this long. */
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

/** Spaces at the end count only behind a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\\") end = Math.min(++at + 1, line.length);
    else if (line[at] !== " ") end = at + 1;
  }
  return line.slice(0, end);
}
