/**
 * The sources of each yardstick. Every function returns a folder in the layout of BEIR, or throws
 * CannotCompare.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CannotCompare, cache, call, expectIndex } from "../../scripts/reference/environment.mjs";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

/** SHA-256 of the three files of a yardstick, in this order. */
export function digestOf(directory) {
  const digest = createHash("sha256");
  for (const name of ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
    digest.update(readFileSync(join(directory, name)));
  return digest.digest("hex");
}

/** This repository may not publish Cranfield, so the user names its folder. */
export function cranfield(directory) {
  if (!directory) throw new CannotCompare("--cranfield or RIPVEC_CRANFIELD must name its folder");
  if (!existsSync(join(directory, "qrels.tsv")))
    throw new CannotCompare(`${directory} holds no qrels.tsv`);
  return directory;
}

/**
 * A folder of the cache, keyed by `sources`, that is created once and appears whole or not at all.
 */
async function madeOnce(python, name, sources, make) {
  const digest = createHash("sha256");
  for (const source of ["python/yardstick.py", ...sources])
    digest.update(readFileSync(file(source)));
  const folder = join(cache, "quality", `${name}-${digest.digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  if (!python) throw new CannotCompare("it is made with the Python that BM25 needs");
  const work = `${folder}.${process.pid}`;
  const out = join(work, "out");
  try {
    mkdirSync(out, { recursive: true });
    await make(work, out);
    renameSync(out, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

const missing = (what) => (cause) => {
  throw new CannotCompare(`${what}: ${cause.message}`, { cause });
};

export function docstrings(python) {
  const sources = ["python/docstrings.py", "packages.txt"];
  return madeOnce(python, "docstrings", sources, async (work, out) => {
    await expectIndex(python);
    const wheels = join(work, "wheels");
    const download = ["-m", "pip", "download", "-q", "--no-cache-dir", "--no-deps"];
    const pinned = ["--only-binary", ":all:", "--ignore-requires-python", "--require-hashes"];
    const what = ["-r", file("packages.txt"), "-d", wheels];
    await call(python, [...download, ...pinned, ...what], 300).catch(
      missing("the pinned wheels could not be fetched"),
    );
    await call(python, [file("python/docstrings.py"), wheels, out], 300);
  });
}

/**
 * The Debian suite. Its point releases change few descriptions, and the printed digest shows
 * whether they did.
 */
const suite = "bookworm";

/** apt fetches and verifies the index with the machine's own sources, into separate folders. */
export function debian(python) {
  if (!existsSync("/usr/bin/apt-get")) throw new CannotCompare("apt-get is not installed");
  return madeOnce(python, "debian", ["python/debian.py"], async (work, out) => {
    const lists = join(work, "lists");
    const apt = ["Acquire::Languages=en", `Dir::State::lists=${lists}`, `Dir::Cache=${work}`];
    const options = [...apt, "Acquire::http::Timeout=20"].flatMap((option) => ["-o", option]);
    mkdirSync(join(lists, "partial"), { recursive: true });
    mkdirSync(join(work, "archives", "partial"), { recursive: true });
    await call("apt-get", ["update", "-qq", ...options], 120).catch(
      missing("apt-get update failed"),
    );
    const format = ["--format", "$(FILENAME)", "Created-By: Translations"];
    const which = [`Codename: ${suite}`, "Origin: Debian", "Component: main"];
    const [index] = (await call("apt-get", ["indextargets", ...options, ...format, ...which], 30))
      .split("\n")
      .filter((path) => existsSync(path));
    if (!index) throw new CannotCompare(`apt-get update fetched no descriptions of ${suite}`);
    const plain = join(work, "Translation-en");
    writeFileSync(plain, await call("/usr/lib/apt/apt-helper", ["cat-file", index], 30));
    await call(python, [file("python/debian.py"), plain, out], 300);
  });
}
