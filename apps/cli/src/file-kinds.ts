import { extname } from "node:path";
import type { SkipReason } from "./left-out.js";

/** Files above this size are data and not text to read. */
export const maxFileBytes: number = 1024 * 1024;

/** Files of `dataExtensions` above this size hold data and not settings. */
const maxDataBytes = 8 * 1024;

/** Folders that are never searched, whatever .gitignore says. Hidden folders are left out too. */
const skippedFolders = new Set(["node_modules", "__pycache__", "bower_components"]);

/** Folders of test data: much text that answers no query. */
const testDataFolders = new Set(["fixtures", "__fixtures__", "__snapshots__", "testdata"]);

const lockFiles = new Set([
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "cargo.lock",
  "composer.lock",
  "gemfile.lock",
  "poetry.lock",
  "pipfile.lock",
  "uv.lock",
  "flake.lock",
  "deno.lock",
  "go.sum",
]);

const extensions = (names: string): ReadonlySet<string> =>
  new Set(names.split(" ").map((name) => `.${name}`));

const dataExtensions = extensions("csv geojson json jsonl ndjson svg tsv");

const binaryExtensions = extensions(
  "7z a avif bin bmp bz2 class dll dylib eot exe flac gguf gif gz heic ico jar jpeg jpg lib mov mp3 mp4 node npy " +
    "npz o obj ogg onnx otf pb pdf png pt pth pyc rar safetensors so sqlite tar tgz tif tiff ttf wasm wav webm " +
    "webp woff woff2 xz zip zst",
);

/** A digest as a name, which a program chose. A name of digits only could be a date and a time. */
const digestName = /^(?=\d*[a-f])[0-9a-f]{12,}(\.\w+)?$/;

/** A file with a larger mean line length was not written by hand. */
const minifiedLineLength = 400;

export const isSkippedFolder = (name: string): boolean =>
  name.startsWith(".") || skippedFolders.has(name);

export const isTestDataFolder = (name: string): boolean => testDataFolders.has(name.toLowerCase());

/** The kind of a file by its name alone. */
export function skipByName(name: string): SkipReason | undefined {
  const lower = name.toLowerCase();
  if (lockFiles.has(lower)) return "lock file";
  if (/\.min\.\w+$|\.map$/.test(lower) || digestName.test(lower)) return "generated";
  if (binaryExtensions.has(extname(lower))) return "binary";
  return undefined;
}

/** Whether a file holds data: measurements, tables, drawings. */
export const isData = (name: string, byteLength: number): boolean =>
  byteLength > maxDataBytes && dataExtensions.has(extname(name.toLowerCase()));

/**
 * Whether code has lines that nobody wrote by hand. Prose may have long lines, because many people
 * write a paragraph on one line.
 */
export function looksGenerated(bytes: Uint8Array): boolean {
  let lineEnds = 1;
  for (const byte of bytes) if (byte === 10) lineEnds++;
  return bytes.length > 2000 && bytes.length / lineEnds > minifiedLineLength;
}

/**
 * Whether a path is that of a test: a name in it has the word "test", or the file ends in
 * ".spec.x".
 */
export const isTest = (path: string): boolean =>
  /(^|[/._-])tests?([/._-]|$)|[._]spec\.\w+$/i.test(path);

/** Whether a path is that of a change log. */
export const isChangeLog = (path: string): boolean =>
  /(^|\/)(changelog|changes|history|news)(\.\w+)?$/i.test(path) && isProse(path);

export const isProse = (path: string): boolean =>
  /^\.(md|mdx|markdown|txt|rst|adoc|tex|org)$/.test(extname(path).toLowerCase()) ||
  extname(path) === "";
