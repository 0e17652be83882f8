import { isInnerPath, isJsonObject } from "../model-files.js";
import { describeValue, UnexpectedAnswerError } from "./answer.js";

/** One file of a revision, with the size and digest that its bytes must have. */
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

/** Limits of a listing, above those of any model. */
export const listingLimits = { entries: 50_000, pages: 1000, timeMs: 600_000 };

/** Longest path of a file. A longer one cannot belong to a model, and systems do not accept it. */
const maxPathLength = 1000;

/**
 * Checks one entry of the hub's listing. Undefined for folders, for names that would leave the
 * model, and for names that some systems do not allow, such as logs with colons: a model needs none
 * of these files. Throws UnexpectedAnswerError.
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
  throw wrong(`it lists an entry that is not a valid file: ${facts.join(", ")}`);
}

/**
 * Adds an entry of the hub's listing. Throws UnexpectedAnswerError, also for two different files of
 * one name.
 */
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

/** Undefined when serializeListing did not write the text. */
export function parseListing(text: string): Listing | undefined {
  try {
    const { files } = JSON.parse(text) as { files?: unknown };
    if (!Array.isArray(files) || !files.every(isRemoteFile)) return undefined;
    return new Map(files.map((file) => [file.path, file]));
  } catch {
    return undefined;
  }
}
