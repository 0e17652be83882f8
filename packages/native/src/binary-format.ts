import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** The numbers of `e_machine` in an ELF file, by Node's names of architectures. */
const elfMachines: Readonly<Record<string, number>> = { x64: 62, arm64: 183, arm: 40, ia32: 3 };
const programHeadersOffset = 32;
const segmentKindLoad = 1;
/** An addon has some ten program headers of 56 bytes right after the file's header of 64 bytes. */
const headBytes = 4096;

/**
 * Says why a file cannot be an addon for this process, or returns undefined. Only Linux needs this: its loader reports a file
 * for another processor as missing, and a file that was cut short ends the process with SIGBUS. Throws what opening and
 * reading the file throw.
 */
export function wrongFormat(path: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  const { head, byteLength } = readHead(path);
  if (head.toString("latin1", 0, 4) !== "\x7fELF") return `it is ${kindOf(head)}`;
  const machine = head.length >= 64 ? head.readUInt16LE(18) : undefined;
  const expected = elfMachines[process.arch];
  if (machine !== undefined && expected !== undefined && machine !== expected) {
    return `it is an addon for ${nameOf(machine)}, and this process runs on ${process.arch}`;
  }
  const needed = head.length >= 64 && head[4] === 2 ? loadedBytes(head) : 64;
  return byteLength < needed ? `it is cut off after ${byteLength} bytes` : undefined;
}

function readHead(path: string): { readonly head: Buffer; readonly byteLength: number } {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(headBytes);
    const read = readSync(file, head, 0, headBytes, 0);
    return { head: head.subarray(0, read), byteLength: fstatSync(file).size };
  } finally {
    closeSync(file);
  }
}

function kindOf(head: Buffer): string {
  if (head.length === 0) return "an empty file";
  if (head.toString("latin1", 0, 2) === "MZ") return "a file for Windows";
  const magic = head.length >= 4 ? head.readUInt32LE(0) : 0;
  return magic === 0xfeedfacf || magic === 0xbebafeca ? "a file for macOS" : "not a shared library";
}

function nameOf(machine: number): string {
  const known = Object.entries(elfMachines).find(([, number]) => number === machine);
  return known?.[0] ?? `the ELF machine ${machine}`;
}

/** The end of the program headers of a 64-bit ELF file, and of the last segment that is loaded from it. */
function loadedBytes(head: Buffer): number {
  const start = Number(head.readBigUInt64LE(programHeadersOffset));
  const size = head.readUInt16LE(54);
  const count = head.readUInt16LE(56);
  const offsets = Array.from({ length: count }, (_, i) => start + i * size);
  const loaded = offsets.filter(
    (at) => at + 56 <= head.length && head.readUInt32LE(at) === segmentKindLoad,
  );
  const ends = loaded.map((at) =>
    Number(head.readBigUInt64LE(at + 8) + head.readBigUInt64LE(at + 32)),
  );
  return Math.max(64, start + count * size, ...ends);
}
