import { printable } from "@ripvec/core";
import { looksLikeUtf16, type TextEncoding } from "./text-encoding.js";

/** A line with bytes that are invalid in its encoding. */
export interface RefusedLine {
  readonly bytes: Buffer;
  /** Line number from 1. */
  readonly number: number;
  readonly encoding: TextEncoding;
  /** Index of the first invalid byte. */
  readonly at: number;
}

/** "byte 4 is 0xe9, which is not valid UTF-8" */
export function wrongByteText(line: Omit<RefusedLine, "number">): string {
  const { bytes, encoding, at } = line;
  if (isZero(line)) return `U+0000 is at byte ${at + 1}, which text must not contain`;
  const value = (bytes[at] ?? 0).toString(16).padStart(2, "0");
  return `byte ${at + 1} is 0x${value}, which is not valid ${encoding.name}`;
}

/** What to do about it. `file`: undefined for standard input. */
export function remedyFor(line: RefusedLine, file: string | undefined): string {
  const { bytes, number, encoding } = line;
  if (encoding.unitBytes === 2)
    return "the UTF-16 is damaged: create the file again from its source";
  const isUtf16 = seemsUtf16(bytes);
  if (!isUtf16 && isZero(line)) return "remove it";
  // Later lines in little-endian form begin with half of a line end, which is also zero.
  const isBigEndian = number === 1 && bytes[0] === 0;
  const from = isUtf16 ? (isBigEndian ? "UTF-16BE" : "UTF-16LE") : "WINDOWS-1252";
  return `convert it from its encoding, for example: ${iconv(from, file)}`;
}

function isZero({ bytes, encoding: { unitBytes }, at }: Omit<RefusedLine, "number">): boolean {
  const unit = bytes.subarray(at, at + unitBytes);
  return unit.length === unitBytes && unit.every((byte) => byte === 0);
}

/**
 * Whether a line that contains U+0000 when read as UTF-8 is UTF-16 without a byte order mark: three
 * quarters of its second bytes are zero. A line of whole units has even length; a line that begins
 * with half of a line end begins with zero.
 */
function seemsUtf16(line: Buffer): boolean {
  const sample = line.subarray(0, 1024);
  const zeros = sample.filter((byte) => byte === 0).length;
  const mayBe = line.length % 2 === 0 || line[0] === 0;
  return mayBe && zeros > 1 && zeros >= (sample.length * 3) / 8 && looksLikeUtf16(line);
}

export function iconv(from: string, file: string | undefined): string {
  const command = `iconv -f ${from} -t UTF-8`;
  return file === undefined ? `… | ${command} | ripvec …` : `${command} ${quoted(file)}`;
}

function quoted(file: string): string {
  const name = printable(file);
  return /^[\w./@%+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
