/**
 * Texts for comparing tokens at scale. Half are generated from a seed and contain unusual Unicode; half are real text found
 * on the machine. None of it is committed.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { corners, sentences } from "./sentences.mjs";
import { random } from "./texts.mjs";

/** The folders with translations, documentation and code on Debian and in this checkout. */
const folders = [
  "/usr/share/locale",
  "/usr/share/vim",
  "/usr/share/doc",
  "/usr/share/i18n/locales",
  "node_modules",
];
const textual = /\.(mo|po|md|txt|py|ts|mjs|json|html|rst|c|h)$|^copyright$|^README|\/locales\/\w+$/;

/** Ranges of code points that tokenizers treat differently, and some random code points. */
const ranges = [
  [0x00, 0x20],
  [0x20, 0x7f],
  [0x80, 0xff],
  [0x100, 0x24f],
  [0x250, 0x2ff],
  [0x300, 0x36f],
  [0x370, 0x3ff],
  [0x400, 0x52f],
  [0x531, 0x58f],
  [0x590, 0x5ff],
  [0x600, 0x6ff],
  [0x700, 0x8ff],
  [0x900, 0xdff],
  [0xe00, 0xfff],
  [0x1000, 0x13ff],
  [0x1780, 0x17ff],
  [0x1ab0, 0x1aff],
  [0x1c80, 0x1cbf],
  [0x1d00, 0x1dff],
  [0x1e00, 0x1fff],
  [0x2000, 0x206f],
  [0x2070, 0x20cf],
  [0x20d0, 0x20ff],
  [0x2100, 0x218f],
  [0x2190, 0x2bff],
  [0x2c00, 0x2e7f],
  [0x2e80, 0x2fff],
  [0x3000, 0x303f],
  [0x3040, 0x30ff],
  [0x3100, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xabff],
  [0xac00, 0xd7a3],
  [0xe000, 0xe010],
  [0xf900, 0xfaff],
  [0xfb00, 0xfdff],
  [0xfe00, 0xfe6f],
  [0xfe70, 0xfeff],
  [0xff00, 0xffef],
  [0x10000, 0x103ff],
  [0x10400, 0x1049f],
  [0x11000, 0x115ff],
  [0x1d400, 0x1d7ff],
  [0x1e900, 0x1e95f],
  [0x1f000, 0x1f2ff],
  [0x1f300, 0x1faff],
  [0x20000, 0x323af],
  [0xe0001, 0xe01ef],
  [0x0, 0x10ffff],
];
const spaces = [
  " ",
  " ",
  " ",
  "  ",
  "\n",
  "\t",
  "\r\n",
  "\u00a0",
  "\u0085",
  "\u2028",
  "\u3000",
  "\u200b",
  "\ufeff",
  "\u1680",
];
const words = sentences.flatMap((sentence) => sentence.split(/\s+/));

function codePoint(draw) {
  const [from, to] = ranges[draw(ranges.length)];
  const point = from + draw(to - from + 1);
  return point >= 0xd800 && point <= 0xdfff ? "\ufffd" : String.fromCodePoint(point);
}

function piece(draw) {
  const word = words[draw(words.length)];
  switch (draw(12)) {
    case 0:
      return word.toUpperCase();
    case 1:
      return word.toLowerCase();
    case 2:
      return word.normalize(["NFC", "NFD", "NFKC", "NFKD"][draw(4)]);
    case 3:
      return word.replace(/(?<=^.{1,3})./u, codePoint(draw));
    case 4:
      return Array.from({ length: 1 + draw(8) }, () => codePoint(draw)).join("");
    case 5:
      return codePoint(draw).repeat(1 + draw(6));
    case 6:
      return corners[draw(corners.length)];
    case 7:
      return String(draw(1_000_000) / (1 + draw(100)));
    default:
      return word;
  }
}

/** Unusual Unicode mixed by a fixed seed: the same texts on every machine. */
export function generated(count) {
  const draw = random(77);
  return Array.from({ length: count }, () => {
    let text = "";
    for (let parts = 1 + draw(12); parts > 0; parts--) {
      text += piece(draw);
      if (draw(5) > 0) text += spaces[draw(spaces.length)];
    }
    return text;
  });
}

function* filesBelow(folder, depth = 0) {
  if (depth > 6) return;
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path, depth + 1);
    else if (entry.isFile() && textual.test(path)) yield path;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The lines of a file, or the strings of a compiled translation (.mo), without those that are not UTF-8. */
function linesOf(path) {
  if (statSync(path).size > 2_000_000) return [];
  const lines = [];
  let start = 0;
  const bytes = readFileSync(path);
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0 && bytes[at] !== 10) continue;
    const length = at - start;
    if (length >= 3 && length <= 2000) {
      try {
        lines.push(decoder.decode(bytes.subarray(start, at)));
      } catch {}
    }
    start = at + 1;
  }
  return lines;
}

function every(list, count) {
  if (list.length <= count) return list;
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]);
}

/** Distinct real lines, taken evenly from files in all folders. */
function found(count) {
  const lines = new Set();
  for (const folder of folders) {
    const files = every([...filesBelow(folder)], 400);
    const share = Math.ceil((2 * count) / folders.length / Math.max(1, files.length));
    for (const file of files) for (const line of every(linesOf(file), share)) lines.add(line);
  }
  return every([...lines], count);
}

/** `count` texts without lone surrogates. There are fewer real ones where the machine has few. */
export function corpus(count) {
  const real = found(Math.floor(count / 2));
  return [...generated(count - real.length), ...real];
}
