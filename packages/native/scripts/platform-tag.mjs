import { readFileSync } from "node:fs";

/** `linux-x64`, `linux-arm64-musl`, `darwin-arm64`, …: the platform of this process, as folders of prebuilds name it. */
export function platformTag() {
  const musl = process.platform === "linux" && usesMusl();
  return `${process.platform}-${process.arch}${musl ? "-musl" : ""}`;
}

/** `ldd` is a script or a program that names its C library. Images without it have glibc. */
function usesMusl() {
  try {
    return readFileSync("/usr/bin/ldd", "latin1").includes("musl");
  } catch {
    return false;
  }
}
