import { execFileSync } from "node:child_process";
import { targetOf } from "./target.mjs";

const glibc =
  /^(libc\.so\.6|libm\.so\.6|libpthread\.so\.0|libdl\.so\.2|libgcc_s\.so\.1|ld-linux-[a-z0-9-]+\.so\.[12])$/;
/** Alpine's compiler puts the architecture into the name of the C library; others use musl's own name. */
const musl = /^(libc\.musl-[a-z0-9_]+\.so\.1|libc\.so|libgcc_s\.so\.1)$/;
const entryPoints = new Set(["napi_register_module_v1", "node_api_module_get_api_version_v1"]);

const isNewer = (a, b) => a.localeCompare(b, "en", { numeric: true }) > 0;

/** What a shared object of any architecture needs and exports. */
function readElf(file) {
  const output = execFileSync("readelf", ["-W", "--dynamic", "--dyn-syms", file], {
    encoding: "utf8",
  });
  const all = (pattern) => [...output.matchAll(pattern)].map((match) => match[1]);
  return {
    libraries: all(/NEEDED.*\[(.+)\]/g),
    glibc: all(/@GLIBC_([\d.]+)/g).reduce((max, each) => (isNewer(each, max) ? each : max), "0"),
    usesCxx: /@(GLIBCXX|CXXABI)_/.test(output),
    exported: all(/ (?:GLOBAL|WEAK|UNIQUE) +\w+ +\d+ ([^\s@]+)/g),
  };
}

/**
 * Reports what a Linux addon needs from the system that loads it: check-abi [file] [newest glibc]. Fails if it needs a newer
 * glibc, the system's C++ library or another library, or if it exports more than its entry points. An addon in a folder
 * `linux-<arch>-musl` must need musl, and any other one glibc. Needs readelf.
 */
export function checkAbi(driver, [file = driver.prebuild(targetOf().tag), limit = "2.28"]) {
  const elf = readElf(file);
  const forMusl = /linux-[a-z0-9]+-musl[\\/][^\\/]+$/.test(file);
  const allowed = forMusl ? musl : glibc;
  const problems = [
    isNewer(elf.glibc, limit) && `needs glibc ${elf.glibc}, newer than ${limit}`,
    elf.usesCxx && "needs the system's C++ library",
    ...elf.libraries.filter((name) => !allowed.test(name)).map((name) => `needs ${name}`),
    ...elf.exported.filter((name) => !entryPoints.has(name)).map((name) => `exports ${name}`),
  ].filter(Boolean);
  for (const problem of problems) console.error(`${file}: ${problem}`);
  const library = forMusl ? "musl" : `glibc ${elf.glibc}`;
  console.log(`${file}: ${library}; ${elf.libraries.join(", ")}; ${elf.exported.length} exports`);
  return problems.length === 0;
}
