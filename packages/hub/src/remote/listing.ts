import { isInnerPath, isJsonObject } from "../model-files.js";
import { describeValue, UnexpectedAnswerError } from "./answer.js";

/** One file of a revision and what its bytes must be. */
export interface RemoteFile {
  readonly path: string;
  readonly byteLength: number;
  /** How `digest` is computed: SHA-256 of the bytes, or git's SHA-1 of the blob. */
  readonly algorithm: "sha256" | "git-sha1";
  /** Lower-case hex. */
  readonly digest: string;
}

/** The files of one commit by path. */
export type Listing = ReadonlyMap<string, RemoteFile>;

/** What bounds a listing: more than any model has. */
export const listingLimits = { entries: 50_000, pages: 1000, timeMs: 600_000 };

/** Longer paths are no file of a model, and more than systems take. */
const maxPathLength = 1000;

/**
 * Checks what the hub says of one entry. Undefined for folders, and for names that would leave the model or
 * that not every system takes (logs with colons): no model needs such a file. Throws UnexpectedAnswerError.
 */
export function checkEntry(entry: Readonly<Record<string, unknown>>): RemoteFile | undefined {
  const { type, path, size, oid } = entry;
  if (type !== "file") return undefined;
  if (typeof path === "string" && (path.length > maxPathLength || !isInnerPath(path))) {
    return undefined;
  }
  const lfs = isJsonObject(entry.lfs) ? entry.lfs : undefined;
  const file = {
    path,
    byteLength: lfs?.size ?? size,
    algorithm: lfs ? "sha256" : "git-sha1",
    digest: lfs?.oid ?? oid,
  };
  if (isRemoteFile(file)) return file;
  const facts = Object.entries(file).map(([name, value]) => `${name} ${describeValue(value)}`);
  throw wrong(`it lists a file that cannot be one: ${facts.join(", ")}`);
}

/** Adds an entry of the hub's. Throws UnexpectedAnswerError also for two files of one name. */
export function addEntry(
  listing: Map<string, RemoteFile>,
  entry: Readonly<Record<string, unknown>>,
): void {
  const file = checkEntry(entry);
  if (!file) return;
  const other = listing.get(file.path);
  if (other && other.digest !== file.digest) {
    throw wrong(`it lists ${JSON.stringify(file.path)} twice, with different contents`);
  }
  listing.set(file.path, file);
}

function wrong(message: string): UnexpectedAnswerError {
  return new UnexpectedAnswerError(message, { failure: "integrity" });
}

const digestLengths = { sha256: 64, "git-sha1": 40 } as const;

export function isRemoteFile(value: unknown): value is RemoteFile {
  if (!isJsonObject(value)) return false;
  const { path, byteLength, algorithm, digest } = value;
  return (
    typeof path === "string" &&
    isInnerPath(path) &&
    Number.isSafeInteger(byteLength) &&
    Number(byteLength) >= 0 &&
    (algorithm === "sha256" || algorithm === "git-sha1") &&
    typeof digest === "string" &&
    digest.length === digestLengths[algorithm] &&
    /^[0-9a-f]+$/.test(digest)
  );
}

export function serializeListing(listing: Listing): string {
  return JSON.stringify({ files: [...listing.values()] }, null, 1);
}

/** Undefined when the text is not what serializeListing writes. */
export function parseListing(text: string): Listing | undefined {
  try {
    const { files } = JSON.parse(text) as { files?: unknown };
    if (!Array.isArray(files) || !files.every(isRemoteFile)) return undefined;
    return new Map(files.map((file) => [file.path, file]));
  } catch {
    return undefined;
  }
}
