import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "./compile.mjs";
import { fetchPackage } from "./fetch-package.mjs";

const compat = fileURLToPath(new URL("../cpp/glibc_compat.cc", import.meta.url));

/** Packages with the libraries of glibc 2.17, by target. */
const sysroots = {
  "linux-x64": {
    spec: "@napi-rs/cross-toolchain-x64-target-x86_64@1.0.0",
    integrity:
      "sha512-lecoghCfoTAX9MLFcIx9/nL9M8xdkZ9n8Pki8qjKUNzjiq1zbECdEbzIZAMMHRtrXxifK9dAyYuh8gSxNbr2og==",
    loader: "ld-linux-x86-64.so.2",
  },
  "linux-arm64": {
    spec: "@napi-rs/cross-toolchain-x64-target-aarch64@1.0.3",
    integrity:
      "sha512-EMFcy/ahFsmCY3BI1tMC3wRUYZ+cDuILg7nP1micaKXW1tO1+RvUB1CC6QYe+cv2W4Tuz9wr3qcFExWyjgWf2w==",
    loader: "ld-linux-aarch64.so.1",
  },
};

/** Fetches the libraries, once. Returns the folder that holds lib/ and usr/lib/. */
function sysroot({ root }, tag) {
  const { spec, integrity } = sysroots[tag];
  const folder = fetchPackage(join(root, "build", `glibc-2.17-${tag}`), spec, integrity);
  const result = join(folder, "sysroot");
  if (existsSync(result)) return result;
  const archive = readdirSync(folder).find((name) => name.endsWith(".tar.xz"));
  const parts = ["*/sysroot/lib/*.so*", "*/sysroot/usr/lib/libc_nonshared.a"];
  execFileSync("tar", ["-xJf", archive, "--wildcards", ...parts], { cwd: folder });
  const system = readdirSync(folder).find((name) => name.endsWith("-linux-gnu"));
  renameSync(join(folder, system, "sysroot"), result);
  return result;
}

/**
 * Arguments that link an addon with glibc 2.17 instead of the one of this machine, so that it runs with any newer glibc. The
 * compiler's C++ library is linked statically; `glibc_compat.cc` has what that needs of a newer glibc. For a target
 * without glibc there are none.
 */
export async function oldGlibc(driver, target) {
  if (!Object.hasOwn(sysroots, target.tag)) return [];
  const folder = sysroot(driver, target.tag);
  const flags = ["-O2", "-fPIC", "-ffunction-sections", ...target.flags];
  const objects = await compile(driver, target, [{ name: "glibc_compat", path: compat, flags }]);
  const cxxLibrary = execFileSync(target.cxx, ["-print-file-name=libstdc++.a"], {
    encoding: "utf8",
  }).trim();
  const { loader } = sysroots[target.tag];
  const shared = ["libm.so.6", "libpthread.so.0", "libc.so.6", "libgcc_s.so.1", loader];
  return [
    ...objects,
    "-nodefaultlibs",
    cxxLibrary,
    ...shared.map((name) => join(folder, "lib", name)),
    join(folder, "usr/lib/libc_nonshared.a"),
    "-lgcc",
  ];
}
