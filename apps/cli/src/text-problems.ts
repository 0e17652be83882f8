import { printable } from "@ripvec/core";
import { looksLikeUtf16, type TextEncoding } from "./text-encoding.js";

/** "byte 4 is 0xe9, which is no text in UTF-8", for bytes of one line that an encoding refuses. */
export function wrongByteText(line: Buffer, encoding: TextEncoding): string {
  const at = encoding.wrongByte(line);
  const value = (line[at] ?? 0).toString(16).padStart(2, "0");
  return `byte ${at + 1} is 0x${value}, which is no text in ${encoding.name}`;
}

/** What to do about text in another encoding. `file`: undefined for standard input. */
export function howToConvert(line: Buffer, file: string | undefined): string {
  const from = looksLikeUtf16(line) ? "UTF-16LE" : "WINDOWS-1252";
  return `convert it from its encoding, for example: ${iconv(from, file)}`;
}

export function iconv(from: string, file: string | undefined): string {
  const command = `iconv -f ${from} -t UTF-8`;
  return file === undefined ? `… | ${command} | ripvec …` : `${command} ${quoted(file)}`;
}

function quoted(file: string): string {
  const name = printable(file);
  return /^[\w./@%+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
