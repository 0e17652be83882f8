import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const block = 512;

const text = (bytes) => bytes.toString("utf8").replace(/\0.*$/s, "");

/** The path that a pax header gives to the next entry. */
const paxPath = (data) => /^\d+ path=(.+)$/m.exec(data.toString("utf8"))?.[1];

/** The entries of an uncompressed tar archive: a map from path to bytes. */
function entriesOf(archive) {
  const entries = new Map();
  let longPath;
  for (let at = 0; at + block <= archive.length && archive[at] !== 0; ) {
    const header = archive.subarray(at, at + block);
    const size = Number.parseInt(text(header.subarray(124, 136)), 8);
    const data = archive.subarray(at + block, at + block + size);
    const kind = String.fromCharCode(header[156]);
    at += block + Math.ceil(size / block) * block;
    if (kind === "x") {
      longPath = paxPath(data);
    } else if (kind === "0" || kind === "\0") {
      const prefix = text(header.subarray(345, 500));
      const name = text(header.subarray(0, 100));
      entries.set(longPath ?? (prefix ? `${prefix}/${name}` : name), data);
      longPath = undefined;
    }
  }
  return entries;
}

/** The files of a compressed package tarball, by their paths inside the package. `label` names it in errors. */
export function readFiles(bytes, label) {
  let entries;
  try {
    entries = entriesOf(gunzipSync(bytes));
  } catch (error) {
    throw new Error(`${label} is no whole package tarball: ${error.message}`);
  }
  const files = new Map([...entries].map(([name, data]) => [name.replace(/^[^/]+\//, ""), data]));
  if (!files.has("package.json")) throw new Error(`${label} has no package.json`);
  return files;
}

function parseManifest(text, path) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} has a package.json that is not JSON: ${error.message}`);
  }
}

/**
 * Reads a package tarball: `{ path, size, integrity, files, manifest }`. `files` maps the paths inside the package to their bytes,
 * `size` is the number of compressed bytes, and `integrity` is what the registry calls `dist.integrity`.
 */
export function readTarball(path) {
  const bytes = readFileSync(path);
  const files = readFiles(bytes, path);
  return {
    path,
    size: bytes.length,
    integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
    files,
    manifest: parseManifest(files.get("package.json").toString("utf8"), path),
  };
}

/** Reads every .tgz file of a folder, in the order of their names. */
export function readTarballs(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  return names.sort().map((name) => readTarball(join(folder, name)));
}
