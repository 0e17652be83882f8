import { platformTag } from "./platform-tag.mjs";

const crossCompilers = {
  "linux-arm64": "aarch64-linux-gnu-g++",
  "linux-x64-musl": "x86_64-linux-musl-g++",
  "linux-arm64-musl": "aarch64-linux-musl-g++",
  "win32-x64": "x86_64-w64-mingw32-g++",
};

/** The oldest macOS that Node 20 runs on. Without this, an addon needs the version of the machine that built it. */
const oldestMacOs = "-mmacosx-version-min=11.0";

const words = (text = "") => text.split(" ").filter(Boolean);

/**
 * The target, compiler and flags of a build, from the environment and from the arguments:
 * - CXX: the compiler; default c++, or the cross compiler of the target
 * - CXXFLAGS, `flags`: further flags, for compiling and linking
 * - RIPVEC_TARGET, `tag`: the platform tag of a cross build; default: this machine
 */
export function targetOf({ tag = process.env.RIPVEC_TARGET || platformTag(), flags } = {}) {
  const [platform, arch] = tag.split("-");
  const isNative = tag === platformTag();
  const cross = isNative ? undefined : crossCompilers[tag];
  if (!isNative && !cross) {
    throw new Error(
      `cannot build for ${tag} on ${platformTag()}; cross builds: ${Object.keys(crossCompilers).join(", ")}`,
    );
  }
  return {
    tag,
    platform,
    arch,
    isNative,
    cxx: process.env.CXX || cross || "c++",
    dlltool: cross ? "x86_64-w64-mingw32-dlltool" : "dlltool",
    flags: [
      ...(platform === "darwin" ? [oldestMacOs] : []),
      ...words(process.env.CXXFLAGS),
      ...words(flags),
    ],
  };
}
