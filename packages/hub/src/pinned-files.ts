import { ModelFileError } from "@ripvec/core";
import type { ByteSource } from "@ripvec/core/arch";
import { sha256 } from "./digest.js";
import type { ModelFiles } from "./model-files.js";
import { missingPinned, type Pins } from "./pins.js";

/**
 * The files of a model, some of which must have a given digest. Throws ModelFileError that names
 * both digests for a file with another one, and ModelFileError for a missing file.
 */
export class PinnedFiles implements ModelFiles {
  readonly id: string;
  readonly #files: ModelFiles;
  readonly #pins: Pins;

  constructor(files: ModelFiles, pins: Pins) {
    this.id = files.id;
    this.#files = files;
    this.#pins = pins;
  }

  locate(path: string): string {
    return this.#files.locate(path);
  }

  list(): Promise<readonly string[] | undefined> {
    return this.#files.list();
  }

  exists(path: string): Promise<boolean> {
    return this.#files.exists(path);
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const bytes = await this.#files.read(path, maxBytes);
    if (!bytes) this.#expectAbsent(path);
    else await this.#expectDigest(path, () => sha256(bytes));
    return bytes;
  }

  /** A later change of a local file before its use is detected by FileIdentity. */
  async open(path: string): Promise<ByteSource | undefined> {
    const source = await this.#files.open(path);
    if (!source) this.#expectAbsent(path);
    else await this.#expectDigest(path, () => source.hash());
    return source;
  }

  #expectAbsent(path: string): void {
    const pin = this.#pins.get(path);
    if (pin !== undefined) throw missingPinned(this.locate(path), pin);
  }

  async #expectDigest(path: string, digest: () => Promise<string>): Promise<void> {
    const pin = this.#pins.get(path);
    if (pin === undefined) return;
    const actual = await digest();
    if (actual === pin) return;
    throw new ModelFileError(
      `has SHA-256 ${actual} instead of the required ${pin}. Install or download the model again`,
      { path: this.locate(path) },
    );
  }
}
