import { ModelFileError } from "@ripvec/core";
import type { ByteSource } from "@ripvec/core/arch";
import { bytesAt, Fields, inBlocks, type Readable } from "./bytes.js";

/** The position of one entry's bytes in the file. */
export interface ZipEntry {
  readonly name: string;
  readonly byteOffset: number;
  readonly byteLength: number;
}

interface DirectoryEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly byteLength: number;
  readonly storedBytes: number;
  readonly headerOffset: number;
}

interface LocatedEntry extends ZipEntry {
  readonly headerOffset: number;
}

/** The position of the list of entries, and their number. */
interface Directory {
  readonly count: number;
  readonly byteOffset: number;
  readonly byteLength: number;
}

// Signatures and sizes of APPNOTE.TXT, the ZIP file format's specification (4.3).
const signatures = { local: 0x04034b50, entry: 0x02014b50, end: 0x06054b50 } as const;
const zip64Signatures = { end: 0x06064b50, locator: 0x07064b50 } as const;
const sizes = { local: 30, entry: 46, end: 22, zip64End: 56, zip64Locator: 20 } as const;

const flag = { encrypted: 1, sizesFollow: 1 << 3, strongEncryption: 1 << 6 } as const;
const zip64Extra = 1;
const inZip64 = { u16: 0xffff, u32: 0xffffffff } as const;

/**
 * torch.save writes one entry per storage; a file of a model with 100 billion parameters has about
 * ten thousand.
 */
const maxEntries = 1 << 16;
const maxDirectoryBytes = 1 << 23;

/**
 * Reads the directory of a ZIP archive as torch.save writes it, and checks it against the headers
 * before the entries: every entry is stored uncompressed, none occurs twice, none overlaps another.
 * Throws ModelFileError.
 */
export function readZip(source: ByteSource): ReadonlyMap<string, ZipEntry> {
  const { path } = source;
  const directory = findDirectory(source);
  const listed = readDirectory(source, directory);
  if (listed.some(({ name }) => name.endsWith("/constants.pkl"))) {
    throw new ModelFileError("is a TorchScript program; a file of tensors is needed", { path });
  }
  const inFileOrder = listed.toSorted((a, b) => a.headerOffset - b.headerOffset);
  const blocks = inBlocks(source);
  const entries = inFileOrder.map((entry) => locate(blocks, entry));
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  if (byName.size !== entries.length) {
    throw new ModelFileError("has two entries of the same name", { path });
  }
  checkPlaces(entries, directory.byteOffset, path);
  return byName;
}

function findDirectory(source: ByteSource): Directory {
  const { path, byteLength } = source;
  const endOffset = byteLength - sizes.end;
  const end = endOffset < 0 ? undefined : fieldsAt(source, endOffset, sizes.end);
  if (end?.u32(0) !== signatures.end || end.u16(20) !== 0) {
    throw new ModelFileError(
      "is not a file of torch.save, or is truncated: it does not end with a ZIP directory",
      { path },
    );
  }
  if (end.u16(4) !== 0 || end.u16(6) !== 0 || end.u16(8) !== end.u16(10)) {
    throw new ModelFileError("is a ZIP archive in several parts", { path });
  }
  const short = { count: end.u16(10), byteLength: end.u32(12), byteOffset: end.u32(16) };
  const isZip64 =
    short.count === inZip64.u16 ||
    short.byteLength === inZip64.u32 ||
    short.byteOffset === inZip64.u32;
  const directory = isZip64 ? findZip64Directory(source, endOffset) : short;
  if (directory.count > maxEntries || directory.byteLength > maxDirectoryBytes) {
    throw new ModelFileError(`has ${directory.count} entries, the limit is ${maxEntries}`, {
      path,
    });
  }
  if (directory.byteOffset + directory.byteLength > endOffset) {
    throw new ModelFileError("its ZIP directory lies outside the file", { path });
  }
  return directory;
}

function findZip64Directory(source: ByteSource, endOffset: number): Directory {
  const { path } = source;
  const locatorOffset = endOffset - sizes.zip64Locator;
  const locator =
    locatorOffset < 0 ? undefined : fieldsAt(source, locatorOffset, sizes.zip64Locator);
  const at = locator?.u32(0) === zip64Signatures.locator ? locator.u64(8) : -1;
  const isInside = at >= 0 && at + sizes.zip64End <= locatorOffset;
  const end = isInside ? fieldsAt(source, at, sizes.zip64End) : undefined;
  if (end?.u32(0) !== zip64Signatures.end || end.u64(24) !== end.u64(32)) {
    throw new ModelFileError("its ZIP64 directory is broken", { path });
  }
  return { count: end.u64(32), byteLength: end.u64(40), byteOffset: end.u64(48) };
}

function readDirectory(source: ByteSource, directory: Directory): DirectoryEntry[] {
  const { path } = source;
  const fields = fieldsAt(source, directory.byteOffset, directory.byteLength);
  const entries: DirectoryEntry[] = [];
  let at = 0;
  for (let i = 0; i < directory.count; i += 1) {
    if (at + sizes.entry > fields.byteLength || fields.u32(at) !== signatures.entry) {
      throw new ModelFileError("its ZIP directory is broken", { path });
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
      fields.u16(at + field),
    );
    const nameAt = at + sizes.entry;
    const extraAt = nameAt + (nameBytes ?? 0);
    const next = extraAt + (extraBytes ?? 0) + (commentBytes ?? 0);
    const name = fields.text(nameAt, nameBytes ?? 0);
    const long = zip64Values(fields, at, extraAt, extraBytes ?? 0);
    entries.push({ name, flags: fields.u16(at + 8), method: fields.u16(at + 10), ...long });
    at = next;
  }
  if (at !== directory.byteLength) {
    throw new ModelFileError("its ZIP directory is broken", { path });
  }
  return entries;
}

/** Sizes and offset of an entry, from its extra field where they are too large for 32 bits. */
function zip64Values(
  fields: Fields,
  at: number,
  extraAt: number,
  extraBytes: number,
): Pick<DirectoryEntry, "byteLength" | "storedBytes" | "headerOffset"> {
  const short = [24, 20, 42].map((field) => fields.u32(at + field));
  let valueAt = findExtra(fields, extraAt, extraBytes, zip64Extra);
  const [byteLength = 0, storedBytes = 0, headerOffset = 0] = short.map((value) => {
    if (value !== inZip64.u32) return value;
    if (valueAt === undefined) throw fields.broken("an entry has no ZIP64 sizes");
    const long = fields.u64(valueAt);
    valueAt += 8;
    return long;
  });
  return { byteLength, storedBytes, headerOffset };
}

function findExtra(
  fields: Fields,
  from: number,
  byteLength: number,
  id: number,
): number | undefined {
  for (let at = from; at + 4 <= from + byteLength; at += 4 + fields.u16(at + 2)) {
    if (fields.u16(at) === id) return at + 4;
  }
  return undefined;
}

/** Finds an entry's bytes after its local header, which must agree with the directory. */
function locate(source: Readable, entry: DirectoryEntry): LocatedEntry {
  const { name, flags, method, byteLength, storedBytes, headerOffset } = entry;
  const fail = (what: string) =>
    new ModelFileError(`its entry ${JSON.stringify(name)} ${what}`, { path: source.path });
  if (flags & (flag.encrypted | flag.strongEncryption)) throw fail("is encrypted");
  if (method !== 0 || storedBytes !== byteLength) {
    throw fail("is compressed; torch.save writes uncompressed entries");
  }
  const nameBytes = new TextEncoder().encode(name).byteLength;
  const headerBytes = sizes.local + nameBytes;
  if (headerOffset + headerBytes > source.byteLength) throw fail("lies outside the file");
  const header = fieldsAt(source, headerOffset, headerBytes);
  const agrees =
    header.u32(0) === signatures.local &&
    header.u16(6) === flags &&
    header.u16(8) === method &&
    header.u16(26) === nameBytes &&
    header.text(sizes.local, nameBytes) === name &&
    hasSize(header, byteLength);
  if (!agrees) throw fail("has a header that differs from the directory");
  const byteOffset = headerOffset + headerBytes + header.u16(28);
  if (byteOffset + byteLength > source.byteLength) throw fail("lies outside the file");
  return { name, headerOffset, byteOffset, byteLength };
}

/** A header may leave its sizes to the record after the entry. */
function hasSize(header: Fields, byteLength: number): boolean {
  const mayBeLeftOut = (header.u16(6) & flag.sizesFollow) !== 0;
  return [18, 22].every((field) => {
    const size = header.u32(field);
    return size === byteLength || (mayBeLeftOut && size === 0);
  });
}

/** No entry may overlap another one, its header included, or the directory. */
function checkPlaces(
  /** The entries in the order of their positions in the file. */
  entries: readonly LocatedEntry[],
  directoryOffset: number,
  path: string,
): void {
  let covered = 0;
  for (const { name, headerOffset, byteOffset, byteLength } of entries) {
    if (headerOffset < covered || byteOffset + byteLength > directoryOffset) {
      throw new ModelFileError(`its entry ${JSON.stringify(name)} overlaps another one`, { path });
    }
    covered = byteOffset + byteLength;
  }
}

function fieldsAt(source: Readable, from: number, byteLength: number): Fields {
  return new Fields(bytesAt(source, from, byteLength), source.path);
}
