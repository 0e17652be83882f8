import { extname } from "node:path";
import type { SkipReason } from "./left-out.js";

/** Files above this are data, not reading matter. */
export const maxFileBytes: number = 1024 * 1024;

/** Never entered, whatever .gitignore says. Hidden folders are left out too. */
const skippedFolders = new Set(["node_modules", "__pycache__", "bower_components"]);

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

const binaryExtensions = new Set(
  (
    "7z a avif bin bmp bz2 class dll dylib eot exe flac gguf gif gz heic ico jar jpeg jpg lib mov mp3 mp4 node npy " +
    "npz o obj ogg onnx otf pb pdf png pt pth pyc rar safetensors so sqlite tar tgz tif tiff ttf wasm wav webm " +
    "webp woff woff2 xz zip zst"
  )
    .split(" ")
    .map((name) => `.${name}`),
);

/** Beyond this mean line length nobody wrote the file by hand. */
const minifiedLineLength = 400;

export const isSkippedFolder = (name: string): boolean =>
  name.startsWith(".") || skippedFolders.has(name);

/** What the name alone tells. */
export function skipByName(name: string): SkipReason | undefined {
  const lower = name.toLowerCase();
  if (lockFiles.has(lower)) return "lock file";
  if (/\.min\.\w+$|\.map$/.test(lower)) return "generated";
  if (binaryExtensions.has(extname(lower))) return "binary";
  return undefined;
}

/** Whether code has lines that no one wrote. Prose may: many people write a paragraph a line. */
export function looksGenerated(bytes: Uint8Array): boolean {
  let lineEnds = 1;
  for (const byte of bytes) if (byte === 10) lineEnds++;
  return bytes.length > 2000 && bytes.length / lineEnds > minifiedLineLength;
}

export const isProse = (path: string): boolean =>
  /^\.(md|mdx|markdown|txt|rst|adoc|tex|org)$/.test(extname(path).toLowerCase()) ||
  extname(path) === "";
