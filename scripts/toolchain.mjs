import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The version of pnpm, such as "pnpm@10.34.9". package.json is the only place that states it. */
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The environment without the variables that the calling npm added, and with telemetry off. */
export function cleanEnvironment() {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|NPM_|COREPACK_|INIT_CWD$)/.test(name) ||
      /^npm_config_(registry|cafile|.*proxy)$/i.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    TURBO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    npm_config_update_notifier: "false",
  };
}

/** Quotes an argument for cmd.exe. */
const quoted = (text) => (/[^\w.:/\\@=-]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * Runs a command on this terminal. With `quiet`, its output is shown only if the command fails. Resolves with the exit
 * code.
 */
export function run(command, args, { quiet = false } = {}) {
  // On Windows npm is a batch file, which only a shell can start.
  const shell = process.platform === "win32" && command === "npm";
  const [file, rest] = shell ? [[command, ...args].map(quoted).join(" "), []] : [command, args];
  const child = spawn(file, rest, {
    cwd: root,
    env: cleanEnvironment(),
    stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
    shell,
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (data) => printed.push(data));
  const signals = ["SIGINT", "SIGTERM"];
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const name of signals) process.off(name, forward);
      const result = code ?? (signal === "SIGINT" ? 130 : 1);
      if (result !== 0) process.stderr.write(Buffer.concat(printed));
      resolve(result);
    });
  });
}

/** Runs pnpm at the pinned version. npm fetches it into its cache the first time. */
export function pnpm(args, options) {
  const npm = ["exec", "--yes", `--package=${packageManager}`, "--", "pnpm", ...args];
  return run("npm", npm, options);
}

async function step(name, command) {
  console.error(`${name} …`);
  const code = await command();
  if (code === 0) return;
  console.error(`${name} failed with exit code ${code}.`);
  process.exit(code);
}

/** What the tests and the benchmarks need: every dependency, all packages with their types, all instruction sets. */
const everything = { filter: [], tasks: ["build", "build:native"], duration: "a few minutes" };

/** What the command needs on this machine: JavaScript without types, and the instruction set that it runs best. */
const command = {
  filter: ["--filter=ripvec..."],
  tasks: ["build:js", "build:this-machine"],
  duration: "up to a minute",
};

async function installAndBuild({ filter, tasks, duration }) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`ripvec needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  // The root package has the tools.
  const install = ["install", "--frozen-lockfile", ...filter, ...filter.map(() => "--filter=.")];
  const build = ["exec", "turbo", "run", ...tasks, ...filter, "--output-logs=errors-only"];
  await step("Installing dependencies", () => pnpm(install, { quiet: true }));
  await step(`Building (${duration} the first time)`, () => pnpm(build, { quiet: true }));
}

/** Installs dependencies and builds everything. What is up to date is not built again. */
export const setUp = () => installAndBuild(everything);

/** Installs and builds what the command `ripvec` needs on this machine. */
export const setUpCommand = () => installAndBuild(command);
