/** The character classes of git, by its own tables, which are ASCII only. */
const classes: ReadonlyMap<string, RegExp> = new Map([
  ["alnum", /[0-9A-Za-z]/],
  ["alpha", /[A-Za-z]/],
  ["blank", /[ \t]/],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the class of control characters
  ["cntrl", /[\x00-\x1f\x7f]/],
  ["digit", /[0-9]/],
  ["graph", /[!-~]/],
  ["lower", /[a-z]/],
  ["print", /[ -~]/],
  ["punct", /[!-/:-@[-`{-~]/],
  ["space", /[ \t\n\r]/],
  ["upper", /[A-Z]/],
  ["xdigit", /[0-9A-Fa-f]/],
]);

interface Bracket {
  /** 1 for each of the 256 bytes that it matches. */
  readonly accepts: Uint8Array;
  /** Index after the closing bracket. */
  readonly end: number;
}

/**
 * The bracket expression at `start`, as git's wildmatch reads it; undefined when it is unfinished
 * or names an unknown class.
 */
export function bracketAt(
  pattern: string,
  start: number,
  ignoreCase: boolean,
): Bracket | undefined {
  const negated = /^[!^]/.test(pattern.slice(start + 1));
  const body = start + (negated ? 2 : 1);
  const accepts = new Uint8Array(256);
  let low: number | undefined;
  for (let at = body; ; ) {
    if (at > body && pattern[at] === "]") {
      return { accepts: negated ? accepts.map((taken) => 1 - taken) : accepts, end: at + 1 };
    }
    const isRange = pattern[at] === "-" && low !== undefined && /^-[^\]]/.test(pattern.slice(at));
    const named = classNameAt(pattern, at);
    if (isRange) {
      const high = memberAt(pattern, at + 1);
      if (!high) return undefined;
      takeRange(accepts, low ?? 0, high.byte, ignoreCase);
      [low, at] = [undefined, high.end];
    } else if (named !== undefined) {
      const known = classes.get(named);
      if (!known) return undefined;
      takeClass(accepts, known, ignoreCase);
      [low, at] = [undefined, at + "[::]".length + named.length];
    } else {
      const member = memberAt(pattern, at);
      if (!member) return undefined;
      accepts[member.byte] = 1;
      [low, at] = [member.byte, member.end];
    }
  }
}

/** The name between "[:" and ":]"; undefined when there is none. */
function classNameAt(pattern: string, at: number): string | undefined {
  if (!pattern.startsWith("[:", at)) return undefined;
  const end = pattern.indexOf("]", at + 2) - 1;
  return end >= at + 2 && pattern[end] === ":" ? pattern.slice(at + 2, end) : undefined;
}

/** One byte of the body, escaped or not. */
function memberAt(pattern: string, at: number): { byte: number; end: number } | undefined {
  const place = pattern[at] === "\\" ? at + 1 : at;
  if (place >= pattern.length) return undefined;
  return { byte: pattern.charCodeAt(place), end: place + 1 };
}

function takeRange(accepts: Uint8Array, low: number, high: number, ignoreCase: boolean): void {
  for (let byte = low; byte <= high; byte++) take(accepts, byte, ignoreCase);
}

function takeClass(accepts: Uint8Array, known: RegExp, ignoreCase: boolean): void {
  for (let byte = 0; byte < 128; byte++) {
    if (known.test(String.fromCharCode(byte))) take(accepts, byte, ignoreCase);
  }
}

/** When case is ignored, names are passed in lower case. */
function take(accepts: Uint8Array, byte: number, ignoreCase: boolean): void {
  accepts[byte] = 1;
  const isUpper = byte >= 65 && byte <= 90;
  if (ignoreCase && isUpper) accepts[byte + 32] = 1;
}
