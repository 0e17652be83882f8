const u32 = (bytes, at) => bytes.readUInt32LE(at);
const u64 = (bytes, at) => Number(bytes.readBigUInt64LE(at));

function elfEnd(bytes) {
  const sections = u64(bytes, 40) + bytes.readUInt16LE(58) * bytes.readUInt16LE(60);
  const [start, size, count] = [u64(bytes, 32), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  const segments = Array.from({ length: count }, (_, i) => start + i * size);
  return Math.max(sections, ...segments.map((at) => u64(bytes, at + 8) + u64(bytes, at + 32)));
}

function peEnd(bytes) {
  const pe = u32(bytes, 60);
  const first = pe + 24 + bytes.readUInt16LE(pe + 20);
  const count = bytes.readUInt16LE(pe + 6);
  const sections = Array.from({ length: count }, (_, i) => first + i * 40);
  return Math.max(0, ...sections.map((at) => u32(bytes, at + 16) + u32(bytes, at + 20)));
}

/** The load command LC_SEGMENT_64 of Mach-O. */
const segment64 = 0x19;

function machOEnd(bytes) {
  let [end, at] = [0, 32];
  for (let i = 0; i < u32(bytes, 16); i += 1) {
    if (u32(bytes, at) === segment64)
      end = Math.max(end, u64(bytes, at + 40) + u64(bytes, at + 48));
    at += u32(bytes, at + 4);
  }
  return end;
}

const ends = { linux: elfEnd, win32: peEnd, darwin: machOEnd };

/**
 * Whether a shared library for `platform` holds every byte of the sections and segments that its header lists. Formats: ELF
 * specification, mach-o/loader.h, PE/COFF specification.
 */
export function isWhole(bytes, platform) {
  try {
    return ends[platform](bytes) <= bytes.length;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
