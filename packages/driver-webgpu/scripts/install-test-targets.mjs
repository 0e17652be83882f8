/**
 * Installs the targets of the WebGPU tests from Debian packages:
 *   node packages/driver-webgpu/scripts/install-test-targets.mjs [target …]
 *
 *   lavapipe     Mesa's Vulkan for CPUs, from bookworm-backports (Dawn refuses the one of Debian 12), unpacked into
 *                the user's cache folder; the system's own Mesa stays as it is
 *   swiftshader  the Vulkan for CPUs that comes with the package chromium
 *   chromium     the browser
 *
 * Default: all. What is installed already is left alone. Needs Debian 12, and root where a package is missing;
 * elsewhere it says how to install a target by hand. Exits with 1 when a target cannot be installed.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ripvec-test-targets");
const lavapipe = join(cache, "lavapipe");
const backports = "bookworm-backports";

/** Packages, further steps, and the environment variable that names a file to use instead. */
const targets = {
  lavapipe: {
    packages: ["libvulkan1"],
    steps: [installLavapipe],
    instead: "RIPVEC_LAVAPIPE_ICD",
    byHand: "install a Vulkan loader and the lavapipe of Mesa 25, and name its ICD file",
  },
  swiftshader: {
    packages: ["libvulkan1", "chromium"],
    steps: [],
    instead: "RIPVEC_SWIFTSHADER_ICD",
    byHand: "install a Vulkan loader and Chromium, and name its vk_swiftshader_icd.json",
  },
  chromium: {
    packages: ["chromium"],
    steps: [],
    instead: "RIPVEC_CHROMIUM",
    byHand: "install Chromium, and name its program",
  },
};

/**
 * Runs a command without standard input. Returns its output, and throws the output if the command
 * failed.
 */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" },
    maxBuffer: 64 << 20,
    ...options,
  });
  if (result.status === 0) return result.stdout;
  const printed = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim().split("\n").slice(-12);
  const reason = result.error?.message ?? `exit code ${result.status ?? result.signal}`;
  throw new Error([`${command} ${args.join(" ")}: ${reason}`, ...printed].join("\n  "));
}

function isDebian12() {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return /^ID=debian$/m.test(release) && /^VERSION_ID="12"$/m.test(release);
}

function isInstalled(name) {
  try {
    return run("dpkg-query", ["-W", "-f", `\${db:Status-Status}`, name]) === "installed";
  } catch {
    return false;
  }
}

/** Installs the packages that are missing. Returns what it did, in words. */
function installPackages(names) {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return `${names.join(", ")}: there already`;
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing]);
  return `installed ${missing.join(", ")}`;
}

/** The mirror from which this machine gets the packages of bookworm. */
function mirror() {
  const targets = run("apt-get", [
    "indextargets",
    "--format",
    "$(RELEASE) $(REPO_URI)",
    "Created-By: Packages",
  ]);
  const uri = /^bookworm (\S+)$/m.exec(targets)?.[1];
  if (!uri) throw new Error("the machine's apt sources name no mirror for bookworm");
  return uri;
}

/** Downloads a package of the backports with an apt configuration of its own. Returns the file. */
function downloadBackport(name, folder) {
  mkdirSync(join(folder, "lists/partial"), { recursive: true });
  mkdirSync(join(folder, "cache/archives/partial"), { recursive: true });
  const key = "/usr/share/keyrings/debian-archive-keyring.gpg";
  const signed = existsSync(key) ? `[signed-by=${key}] ` : "";
  writeFileSync(join(folder, "sources.list"), `deb ${signed}${mirror()} ${backports} main\n`);
  const options = [
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    `Dir::Etc::SourceList=${folder}/sources.list`,
    "Dir::Etc::SourceParts=/dev/null",
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["-o", option]);
  run("apt-get", [...options, "update", "-qq"]);
  run("apt-get", [...options, "download", "-qq", `${name}/${backports}`], { cwd: folder });
  const file = readdirSync(folder).find((entry) => entry.endsWith(".deb"));
  if (!file) throw new Error(`apt-get downloaded no ${name}`);
  return join(folder, file);
}

/** Names of the shared libraries that `library` needs and this machine lacks. */
const missingLibraries = (library) =>
  [...run("ldd", [library]).matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name);

function completeLibraries(library, deb) {
  if (missingLibraries(library).length === 0) return;
  const packages = run("dpkg-deb", ["-f", deb, "Depends"])
    .split(",")
    .map((dependency) => dependency.trim().split(/[ |]/)[0]);
  installPackages(packages);
  const missing = missingLibraries(library);
  if (missing.length > 0) throw new Error(`${library} lacks ${missing.join(", ")}`);
}

/** Unpacks lavapipe and writes its ICD file last. If that file exists, the folder is complete. */
function installLavapipe() {
  const icd = join(lavapipe, "icd.json");
  if (existsSync(icd)) return `${icd}: there already`;
  const work = mkdtempSync(join(tmpdir(), "ripvec-test-targets-"));
  try {
    const deb = downloadBackport("mesa-vulkan-drivers", work);
    rmSync(lavapipe, { recursive: true, force: true });
    mkdirSync(lavapipe, { recursive: true });
    run("dpkg", ["-x", deb, lavapipe]);
    const [multiarch] = readdirSync(join(lavapipe, "usr/lib"));
    const library = join(lavapipe, "usr/lib", multiarch, "libvulkan_lvp.so");
    completeLibraries(library, deb);
    const manifests = join(lavapipe, "usr/share/vulkan/icd.d");
    const manifest = readdirSync(manifests).find((name) => name.startsWith("lvp_icd"));
    if (!manifest) throw new Error("mesa-vulkan-drivers holds no ICD file of lavapipe");
    const content = JSON.parse(readFileSync(join(manifests, manifest), "utf8"));
    content.ICD.library_path = library;
    writeFileSync(`${icd}.part`, JSON.stringify(content));
    renameSync(`${icd}.part`, icd);
    return `unpacked ${run("dpkg-deb", ["-f", deb, "Version"]).trim()} to ${lavapipe}`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function install({ packages, steps, instead, byHand }) {
  const file = process.env[instead];
  if (file) {
    if (!existsSync(file)) throw new Error(`${instead} names ${file}, which does not exist`);
    return [`${instead} names ${file}`];
  }
  if (!isDebian12()) throw new Error(`this machine is not Debian 12; ${byHand} in ${instead}`);
  return [installPackages(packages), ...steps.map((step) => step())];
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(targets);
const unknown = chosen.filter((name) => !Object.hasOwn(targets, name));
if (unknown.length > 0) {
  console.error(
    `usage: install-test-targets.mjs [${Object.keys(targets).join(" ")}]; unknown: ${unknown}`,
  );
  process.exit(2);
}
let failed = 0;
for (const name of chosen) {
  try {
    console.log(`ok     ${name}: ${install(targets[name]).join("; ")}`);
  } catch (error) {
    failed++;
    console.error(`FAILED ${name}: ${error.message}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
