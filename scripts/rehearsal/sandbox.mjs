import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "./run-command.mjs";

/** What a package might call to compile something. Nothing that we publish may. */
const compilers = ["cc", "c++", "gcc", "g++", "clang", "clang++", "make", "cmake", "ninja"];
const buildTools = ["python", "python3", "nvcc", "node-gyp", "node-gyp-build", "prebuild-install"];

const managers = { pnpm: "pnpm@10.34.9", yarn: "@yarnpkg/cli-dist@4.9.4" };

const entryOfYarn = "node_modules/@yarnpkg/cli-dist/bin/yarn.js";

function fakeTools(folder, log) {
  mkdirSync(folder, { recursive: true });
  for (const name of [...compilers, ...buildTools]) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${log}"\nexit 1\n`);
    chmodSync(file, 0o755);
  }
}

/**
 * Where a stranger works: empty folders, an empty HOME, the registry of the rehearsal, and compilers that fail and write
 * down that they were called.
 */
export class Sandbox {
  #folder;
  #env;
  #log;
  #apps = 0;

  constructor(folder, { registry, npmrc }) {
    this.#folder = folder;
    this.#log = join(folder, "called-compilers");
    const fakes = join(folder, "fakes");
    fakeTools(fakes, this.#log);
    const home = join(folder, "home");
    mkdirSync(home);
    const tools = join(folder, "tools", "node_modules", ".bin");
    const path = [fakes, tools, dirname(process.execPath), "/usr/bin", "/bin"];
    this.#env = {
      HOME: home,
      PATH: path.join(":"),
      LANG: "C.UTF-8",
      npm_config_registry: registry,
      npm_config_userconfig: npmrc,
      npm_config_cache: join(folder, "npm-cache"),
      npm_config_store_dir: join(folder, "pnpm-store"),
      npm_config_update_notifier: "false",
      YARN_NPM_REGISTRY_SERVER: registry,
      YARN_UNSAFE_HTTP_WHITELIST: "127.0.0.1",
      YARN_ENABLE_TELEMETRY: "0",
      YARN_ENABLE_SCRIPTS: "0",
      NEXT_TELEMETRY_DISABLED: "1",
      DO_NOT_TRACK: "1",
    };
  }

  /** Installs the package managers that do not come with Node. */
  async prepare() {
    const tools = join(this.#folder, "tools");
    mkdirSync(tools);
    writeFileSync(join(tools, "package.json"), '{ "private": true }');
    await this.sh(tools, "npm", [
      ...["install", "--ignore-scripts", "--no-audit", "--no-fund"],
      ...Object.values(managers),
    ]);
  }

  /**
   * Makes an empty folder with a package.json and `files`, by their paths, and installs packages into it. The package is
   * one of ES modules unless `type` says "commonjs". Resolves with the folder.
   */
  app = async ({
    files = {},
    install = [],
    manager = "npm",
    type = "module",
    manifest = {},
  } = {}) => {
    this.#apps += 1;
    const folder = mkdtempSync(join(this.#folder, `app-${this.#apps}-`));
    const all = {
      "package.json": JSON.stringify({ name: "app", private: true, type, ...manifest }),
      ...files,
    };
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    if (install.length > 0) await this.#install(folder, manager, install);
    return folder;
  };

  /** The command line that runs Yarn, and with it Plug'n'Play. */
  yarn = (...args) => ["node", join(this.#folder, "tools", entryOfYarn), ...args];

  /** Runs a command in a folder and resolves with its standard output. */
  sh = (folder, command, args = [], { env = {}, timeout } = {}) =>
    runCommand(folder, command, args, { env: { ...this.#env, ...env }, timeout });

  /** The environment of the commands, for a program that keeps running. */
  get environment() {
    return { ...this.#env };
  }

  /** The calls of compilers since this was last asked, a line each. */
  takeCompilerCalls() {
    const calls = existsSync(this.#log) ? readFileSync(this.#log, "utf8").trim() : "";
    rmSync(this.#log, { force: true });
    return calls;
  }

  #install(folder, manager, packages) {
    if (manager === "pnpm") return this.sh(folder, "pnpm", ["add", ...packages]);
    if (manager === "yarn") {
      // An empty lockfile marks the folder as a project of its own.
      writeFileSync(join(folder, "yarn.lock"), "");
      const [command, ...args] = this.yarn("add", ...packages);
      return this.sh(folder, command, args);
    }
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
    return this.sh(folder, "npm", ["install", ...flags, ...packages]);
  }
}
