import { execFileSync } from "node:child_process";
import { targetOf } from "./target.mjs";

const allowed =
  /^(libc\.so\.6|libm\.so\.6|libpthread\.so\.0|libdl\.so\.2|libgcc_s\.so\.1|ld-linux-[a-z0-9-]+\.so\.[12])$/;
const entryPoints = new Set(["napi_register_module_v1", "node_api_module_get_api_version_v1"]);

const isNewer = (a, b) => a.localeCompare(b, "en", { numeric: true }) > 0;

/**
 * Reports what a Linux addon needs from the system that loads it: check-abi [file] [newest glibc]. Fails if it needs a newer
 * glibc, the system's C++ library or another library, or if it exports more than its entry points.
 */
export function checkAbi(driver, [file = driver.prebuild(targetOf().tag), limit = "2.28"]) {
  const output = (command, option) => execFileSync(command, [option, file], { encoding: "utf8" });
  const symbols = output("objdump", "-T");
  const versions = [...symbols.matchAll(/GLIBC_([\d.]+)/g)].map((match) => match[1]);
  const newest = versions.reduce((max, version) => (isNewer(version, max) ? version : max), "0");
  const libraries = [...output("readelf", "-d").matchAll(/NEEDED.*\[(.+)\]/g)].map((m) => m[1]);
  const exported = symbols
    .split("\n")
    .filter((line) => / g .*\.text/.test(line))
    .map((line) => line.trim().split(/\s+/).at(-1));
  const problems = [
    isNewer(newest, limit) && `needs glibc ${newest}, newer than ${limit}`,
    /GLIBCXX_|CXXABI_/.test(symbols) && "needs the system's C++ library",
    ...libraries.filter((name) => !allowed.test(name)).map((name) => `needs ${name}`),
    ...exported.filter((name) => !entryPoints.has(name)).map((name) => `exports ${name}`),
  ].filter(Boolean);
  for (const problem of problems) console.error(`${file}: ${problem}`);
  console.log(`${file}: glibc ${newest}; ${libraries.join(", ")}; ${exported.length} exports`);
  return problems.length === 0;
}
