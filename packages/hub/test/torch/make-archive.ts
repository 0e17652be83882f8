/** False statements that a header makes. */
export interface ArchiveFaults {
  readonly method?: number;
  readonly flags?: number;
  readonly localName?: string;
  readonly localSize?: number;
  readonly directorySize?: number;
  readonly headerOffset?: number;
}

export type ArchiveEntry = readonly [name: string, body: Uint8Array, faults?: ArchiveFaults];

/** A ZIP archive with stored entries, in the layout of torch.save but without its padding. */
export function makeArchive(entries: readonly ArchiveEntry[]): Uint8Array {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, body, faults = {}] of entries) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(faults.flags ?? 0, 6);
    local.writeUInt16LE(faults.method ?? 0, 8);
    local.writeUInt32LE(faults.localSize ?? body.byteLength, 18);
    local.writeUInt32LE(faults.localSize ?? body.byteLength, 22);
    const localName = Buffer.from(faults.localName ?? name);
    local.writeUInt16LE(localName.byteLength, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(faults.flags ?? 0, 8);
    entry.writeUInt16LE(faults.method ?? 0, 10);
    entry.writeUInt32LE(faults.directorySize ?? body.byteLength, 20);
    entry.writeUInt32LE(faults.directorySize ?? body.byteLength, 24);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(faults.headerOffset ?? at, 42);
    directory.push(entry, Buffer.from(name));
    bodies.push(local, localName, Buffer.from(body));
    at += local.byteLength + localName.byteLength + body.byteLength;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.byteLength, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, list, end]);
}

type Part = string | number | readonly Part[];

/** Pickle instructions: a text is used literally, a number is one byte. */
export function pickle(...parts: readonly Part[]): Uint8Array {
  const flat = (part: Part): number[] => {
    if (typeof part === "number") return [part];
    return typeof part === "string" ? [...Buffer.from(part, "latin1")] : part.flatMap(flat);
  };
  return Uint8Array.from([0x80, 2, ...parts.flatMap(flat), 0x2e]);
}

/** BINUNICODE */
export function text(value: string): Part {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.byteLength);
  return ["X", [...length], [...bytes]];
}

/** BININT */
export function int(value: number): Part {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return ["J", [...bytes]];
}

/** LONG1 */
export function long(value: bigint): Part {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return [0x8a, 8, [...bytes]];
}

/** GLOBAL */
export const name = (module: string, value: string): Part => `c${module}\n${value}\n`;

export const tuple = (...items: readonly Part[]): Part => ["(", items, "t"];

export interface MadeTensor {
  readonly key?: string;
  readonly elements?: Part;
  readonly storage?: string;
  readonly offset?: Part;
  readonly shape?: Part;
  readonly strides?: Part;
}

/** A call of _rebuild_tensor_v2; by default four f32 in storage "0". */
export function tensor(made: MadeTensor = {}): Part {
  const storage = tuple(
    text("storage"),
    name("torch", made.storage ?? "FloatStorage"),
    text(made.key ?? "0"),
    text("cpu"),
    made.elements ?? int(4),
  );
  const args = tuple(
    [storage, "Q"],
    made.offset ?? int(0),
    made.shape ?? tuple(int(4)),
    made.strides ?? tuple(int(1)),
    0x89,
    [name("collections", "OrderedDict"), ")R"],
  );
  return [name("torch._utils", "_rebuild_tensor_v2"), args, "R"];
}

/** A dict with one entry "w". */
export const dict = (value: Part): Part => ["}", text("w"), value, "s"];

/** A file with this pickle and one storage of 16 bytes. */
export function fileOf(data: Uint8Array, more: readonly ArchiveEntry[] = []): Uint8Array {
  const storage = new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer);
  return makeArchive([["x/data.pkl", data], ["x/data/0", storage], ...more]);
}
