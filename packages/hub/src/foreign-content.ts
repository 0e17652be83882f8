import { isHtml } from "./remote/answer.js";

/** Number of bytes at the start of a file that identify its format. */
export const startBytes = 512;

type Test = (start: Uint8Array, text: string) => boolean;

const begins =
  (...bytes: readonly number[]): Test =>
  (start) =>
    bytes.every((byte, i) => start[i] === byte);

/** What may be found in place of a model's file, and what to do about it. */
const kinds: readonly (readonly [test: Test, message: string])[] = [
  [(start) => start.byteLength === 0, "is empty: the download was interrupted. Download it again"],
  [
    (_, text) => text.startsWith("version https://git-lfs.github.com/spec/"),
    "is a Git LFS pointer, not the file: run git lfs pull in the clone, or download the file itself",
  ],
  [
    isHtml,
    "is a web page, not the file: a proxy, a sign-in page or a wrong link answered in its place. Download it again",
  ],
  [
    (_, text) => /^\s*<Error>|^\s*\{"error":\s*"/.test(text),
    "holds a server's error message, not the file. Download it again",
  ],
  [begins(0x1f, 0x8b), "is compressed with gzip: unpack it (gunzip)"],
  [begins(0x28, 0xb5, 0x2f, 0xfd), "is compressed with Zstandard: unpack it (unzstd)"],
  [begins(0xfd, 0x37, 0x7a, 0x58, 0x5a), "is compressed with xz: unpack it (unxz)"],
  [
    begins(0x89, 0x48, 0x44, 0x46),
    "is an HDF5 file, as TensorFlow writes it; ripvec cannot read it",
  ],
  [begins(0x47, 0x47, 0x55, 0x46), "is a GGUF file, for llama.cpp; ripvec cannot read it"],
];

const zip = begins(0x50, 0x4b, 0x03, 0x04);
const zipMessage =
  "is a ZIP archive: unpack it; if PyTorch wrote it, its name must be pytorch_model.bin";

/**
 * What a file is by its first bytes when it is not a file that a model has there, and what to do;
 * undefined when its first bytes are acceptable. `mayBeZip`: PyTorch's weights are ZIP archives.
 */
export function foreignContent(file: Uint8Array, mayBeZip = false): string | undefined {
  const start = file.subarray(0, startBytes);
  const text = new TextDecoder().decode(start);
  if (!mayBeZip && zip(start, text)) return zipMessage;
  return kinds.find(([test]) => test(start, text))?.[1];
}
