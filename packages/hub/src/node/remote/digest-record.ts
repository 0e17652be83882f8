import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { isJsonObject } from "../../model-files.js";
import type { RemoteFile } from "../../remote/listing.js";
import { isAbsence } from "../read-errors.js";
import { readTextFile, writeAtomically } from "./atomic-file.js";
import { startHash } from "./fetch-blob.js";

/** The size and digest that a file must have. */
export type Expected = Pick<RemoteFile, "byteLength" | "algorithm" | "digest">;

/** Why a file does not match; `absent`: it does not exist. */
export interface Fault {
  readonly absent: boolean;
  readonly reason: string;
}

/** The most files whose digests are remembered: far more than the revisions of one model have. */
const maxRemembered = 2_000;
const maxRecordBytes = 4 << 20;

interface RecordOptions {
  /** Whether digests computed by earlier openings are trusted; if not, every file is read. */
  readonly trusted: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Digests of files that were read whole, keyed by what the file system reports: size, time of the
 * last write, time of the last status change, and inode. A file is read again when one of these
 * differs.
 */
export class DigestRecord {
  readonly #path: string;
  readonly #options: RecordOptions;
  /** The records of earlier openings. */
  readonly #remembered: ReadonlyMap<string, string>;
  readonly #computed = new Map<string, string>();
  #changed = false;

  private constructor(
    path: string,
    remembered: ReadonlyMap<string, string>,
    options: RecordOptions,
  ) {
    this.#path = path;
    this.#remembered = remembered;
    this.#options = options;
  }

  static async load(path: string, options: RecordOptions): Promise<DigestRecord> {
    const text = await readTextFile(path, maxRecordBytes);
    return new DigestRecord(path, parseRecord(text ?? "{}"), options);
  }

  /**
   * Undefined when the file at the path matches byte for byte. Rejects with the signal's reason.
   */
  async fault(path: string, file: Expected): Promise<Fault | undefined> {
    try {
      const stats = await stat(path, { bigint: true });
      if (!stats.isFile()) return damaged("it is not a file");
      if (stats.size !== BigInt(file.byteLength)) {
        return damaged(`it has ${stats.size} bytes instead of ${file.byteLength}`);
      }
      const digest = await this.#digestOf(path, file, stats);
      if (digest === file.digest) return undefined;
      return damaged(`its ${file.algorithm} is ${digest} instead of ${file.digest}`);
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      return { absent: isAbsence(error), reason: (error as Error).message };
    }
  }

  /**
   * Saves the digests that were computed. When that fails, they are computed again the next time.
   */
  async save(): Promise<void> {
    if (!this.#changed) return;
    const entries = [...this.#remembered, ...this.#computed].slice(-maxRemembered);
    const text = JSON.stringify(Object.fromEntries(entries), null, 1);
    await writeAtomically(this.#path, text).catch(() => undefined);
  }

  async #digestOf(path: string, file: Expected, stats: Identity): Promise<string> {
    const key = keyOf(file, stats);
    const known = this.#computed.get(key) ?? (this.#options.trusted && this.#remembered.get(key));
    if (known) return known;
    const hash = startHash(file);
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      this.#options.signal?.throwIfAborted();
      hash.update(chunk);
    }
    const digest = hash.digest("hex");
    if (keyOf(file, await stat(path, { bigint: true })) === key) {
      this.#computed.set(key, digest);
      this.#changed ||= digest === file.digest;
    }
    return digest;
  }
}

interface Identity {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** The device is left out, because its number may change when the system starts. */
function keyOf({ algorithm }: Expected, { ino, size, mtimeNs, ctimeNs }: Identity): string {
  return [algorithm, ino, size, mtimeNs, ctimeNs].join(" ");
}

function damaged(reason: string): Fault {
  return { absent: false, reason };
}

function parseRecord(text: string): Map<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    const entries = isJsonObject(value) ? Object.entries(value) : [];
    return new Map(entries.filter((entry): entry is [string, string] => isDigest(entry[1])));
  } catch {
    return new Map();
  }
}

export function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
}
