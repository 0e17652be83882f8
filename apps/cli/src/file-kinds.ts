import { extname } from "node:path";
import type { SkipReason } from "./left-out.js";

/** Files above this are data, not reading matter. */
export const maxFileBytes: number = 1024 * 1024;

/** Files of `dataExtensions` above this hold records, not settings. */
const maxDataBytes = 8 * 1024;

/** Never entered, whatever .gitignore says. Hidden folders are left out too. */
const skippedFolders = new Set(["node_modules", "__pycache__", "bower_components"]);

/** What tests read: much text, in which nobody looks for an answer. */
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

/** A digest, which a program gave as a name. Of digits alone it would be a date and a time. */
const digestName = /^(?=\d*[a-f])[0-9a-f]{12,}(\.\w+)?$/;

/** Beyond this mean line length nobody wrote the file by hand. */
const minifiedLineLength = 400;

export const isSkippedFolder = (name: string): boolean =>
  name.startsWith(".") || skippedFolders.has(name);

export const isTestDataFolder = (name: string): boolean => testDataFolders.has(name.toLowerCase());

/** What the name alone tells. */
export function skipByName(name: string): SkipReason | undefined {
  const lower = name.toLowerCase();
  if (lockFiles.has(lower)) return "lock file";
  if (/\.min\.\w+$|\.map$/.test(lower) || digestName.test(lower)) return "generated";
  if (binaryExtensions.has(extname(lower))) return "binary";
  return undefined;
}

/** Whether a file is one of records: measurements, tables, drawings. */
export const isData = (name: string, byteLength: number): boolean =>
  byteLength > maxDataBytes && dataExtensions.has(extname(name.toLowerCase()));

/** Whether code has lines that no one wrote. Prose may: many people write a paragraph a line. */
export function looksGenerated(bytes: Uint8Array): boolean {
  let lineEnds = 1;
  for (const byte of bytes) if (byte === 10) lineEnds++;
  return bytes.length > 2000 && bytes.length / lineEnds > minifiedLineLength;
}

/** Whether a path is of a test: a name on it has the word "test", or the file ends in ".spec.x". */
export const isTest = (path: string): boolean =>
  /(^|[/._-])tests?([/._-]|$)|[._]spec\.\w+$/i.test(path);

export const isProse = (path: string): boolean =>
  /^\.(md|mdx|markdown|txt|rst|adoc|tex|org)$/.test(extname(path).toLowerCase()) ||
  extname(path) === "";
