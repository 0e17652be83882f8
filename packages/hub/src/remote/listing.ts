import type { ListFileEntry } from "@huggingface/hub";
import { DownloadError } from "../download-error.js";
import { isInnerPath, isJsonObject } from "../model-files.js";

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

/** More files than any model has: the listing of a hostile server ends here. */
export const maxListedFiles = 50_000;

/**
 * Checks what the hub says of one entry. Undefined for folders, and for names that would leave the
 * model or that not every system takes (logs with colons): no model needs such a file. Throws DownloadError.
 */
export function checkEntry(entry: ListFileEntry, model: string): RemoteFile | undefined {
  if (entry.type !== "file" || (typeof entry.path === "string" && !isInnerPath(entry.path))) {
    return undefined;
  }
  const file: RemoteFile = {
    path: entry.path,
    byteLength: entry.lfs?.size ?? entry.size,
    algorithm: entry.lfs ? "sha256" : "git-sha1",
    digest: entry.lfs?.oid ?? entry.oid ?? "",
  };
  if (isRemoteFile(file)) return file;
  throw new DownloadError(
    "integrity",
    `the hub lists a file that cannot be one: ${JSON.stringify(file)}`,
    {
      model,
    },
  );
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
