const elfMachines = new Map([
  [0x3e, "x64"],
  [0xb7, "arm64"],
]);
const machoTypes = new Map([
  [0x01000007, "x64"],
  [0x0100000c, "arm64"],
]);
const peMachines = new Map([
  [0x8664, "x64"],
  [0xaa64, "arm64"],
]);

const hex = (value) => `0x${value.toString(16)}`;

/** The field `e_machine` of ELF, `cputype` of Mach-O, or `Machine` of PE. Formats: ELF specification, mach-o/loader.h, PE/COFF specification. */
function header(bytes) {
  if (bytes.length < 64) return undefined;
  if (bytes.readUInt32BE(0) === 0x7f454c46)
    return { platform: "linux", machine: bytes.readUInt16LE(18), machines: elfMachines };
  if (bytes.readUInt32LE(0) === 0xfeedfacf)
    return { platform: "darwin", machine: bytes.readUInt32LE(4), machines: machoTypes };
  const pe = bytes.readUInt32LE(60);
  if (bytes.toString("latin1", 0, 2) === "MZ" && bytes.toString("latin1", pe, pe + 4) === "PE\0\0")
    return { platform: "win32", machine: bytes.readUInt16LE(pe + 4), machines: peMachines };
  return undefined;
}

/** The platform and processor that a shared library was built for, such as `linux-arm64`. The C library is not part of it. */
export function binaryTarget(bytes) {
  const found = header(bytes);
  if (!found) return "no ELF, Mach-O or PE file for 64 bits";
  return `${found.platform}-${found.machines.get(found.machine) ?? hex(found.machine)}`;
}
