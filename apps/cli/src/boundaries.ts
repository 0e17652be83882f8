/** How suitable a line is as the start of a chunk. */
export const level = { none: 0, outer: 1, paragraph: 2, section: 3 } as const;
export type BoundaryLevel = (typeof level)[keyof typeof level];

/** The boundary level of every line. */
export function boundaries(lines: readonly string[], prose: boolean): BoundaryLevel[] {
  let fenced = false;
  return lines.map((line, index) => {
    const previous = lines[index - 1];
    if (prose && /^\s*(```|~~~)/.test(line)) {
      fenced = !fenced;
      return fenced && isBlank(previous) ? level.paragraph : level.none;
    }
    if (fenced) return level.none;
    return prose ? proseLevel(line, previous) : codeLevel(line, previous);
  });
}

const isBlank = (line: string | undefined): boolean => line === undefined || !/\S/.test(line);

function proseLevel(line: string, previous: string | undefined): BoundaryLevel {
  if (/^#{1,6}\s/.test(line)) return level.section;
  if (isBlank(line)) return level.none;
  if (isBlank(previous)) return level.paragraph;
  return /^\s*([-*+]|\d+[.)])\s/.test(line) ? level.outer : level.none;
}

/** A closing bracket belongs to the lines before it, so it never begins a chunk. */
function codeLevel(line: string, previous: string | undefined): BoundaryLevel {
  if (isBlank(line) || /^\s*[)}\]]/.test(line)) return level.none;
  const outer = /^\S/.test(line);
  if (isBlank(previous)) return outer ? level.section : level.paragraph;
  return outer ? level.outer : level.none;
}
