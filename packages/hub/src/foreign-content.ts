import { isHtml } from "./remote/answer.js";

/** Bytes from the start of a file that show what it is. */
export const startBytes = 512;

type Test = (start: Uint8Array, text: string) => boolean;

const begins =
  (...bytes: readonly number[]): Test =>
  (start) =>
    bytes.every((byte, i) => start[i] === byte);

/** What is found in place of a model's files, and what to do. */
const kinds: readonly (readonly [test: Test, message: string])[] = [
  [(start) => start.byteLength === 0, "is empty: the download was cut off. Download it again"],
  [
    (_, text) => text.startsWith("version https://git-lfs.github.com/spec/"),
    "is a pointer of Git LFS, not the file: run git lfs pull where it was cloned, or download the file itself",
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
  [begins(0x89, 0x48, 0x44, 0x46), "is an HDF5 file, as TensorFlow writes: it is not read here"],
  [begins(0x47, 0x47, 0x55, 0x46), "is a GGUF file, for llama.cpp: it is not read here"],
];

const zip = begins(0x50, 0x4b, 0x03, 0x04);
const zipMessage =
  "is a ZIP archive: unpack it; if PyTorch wrote it, its name must be pytorch_model.bin";

/**
 * What a file is by its first bytes when it is none that a model has there, and what to do; undefined when
 * nothing is amiss with them. `mayBeZip`: weights of PyTorch are ZIP archives.
 */
export function foreignContent(file: Uint8Array, mayBeZip = false): string | undefined {
  const start = file.subarray(0, startBytes);
  const text = new TextDecoder().decode(start);
  if (!mayBeZip && zip(start, text)) return zipMessage;
  return kinds.find(([test]) => test(start, text))?.[1];
}
