import { firstLine } from "./attempt.js";

/** Words that the texts below need. */
export interface AddonNames {
  /** The npm package with the addon for this platform. */
  readonly platformPackage: string;
  readonly tag: string;
  readonly environmentVariable: string;
  readonly help: string;
}

/** Why a file was not loaded, and what helps. */
export interface LoadFailure {
  readonly reason: string;
  readonly remedy: string;
}

const otherPlatform = ({ tag, environmentVariable }: AddonNames): string =>
  `Install the packages on the platform that runs them, instead of copying node_modules from another one, or name an ` +
  `addon for ${tag} by the option binaryPath or ${environmentVariable}.`;

const damaged = ({ platformPackage }: AddonNames): string =>
  `If this is the addon of ${platformPackage}, delete the folder of that package and install it again.`;

const elsewhere = ({ environmentVariable }: AddonNames): string =>
  `Copy the addon to a file system from which programs may run, and name the copy by the option binaryPath or ${environmentVariable}.`;

const denoPermissions = (): string =>
  "Deno loads native code only with --allow-ffi: run `deno run --allow-ffi --allow-read --allow-sys <script>`, with --allow-env too if " +
  "environment variables are used.";

const nodePermissions = (): string =>
  "Run Node without --no-addons. With --permission, add --allow-addons and --allow-fs-read.";

type Rule = readonly [pattern: RegExp, reason: string, remedy: (names: AddonNames) => string];

/** What the loaders of Linux (glibc and musl), macOS and Windows, the runtimes and `wrongFormat` say. */
const rules: readonly Rule[] = [
  [/--allow-(ffi|read|sys)/, "Deno does not allow it", denoPermissions],
  [/loading addons is disabled|access.*restricted/i, "Node does not allow it", nodePermissions],
  [
    /version [`'"]?GLIBC_([\d.]+)['"`]? not found/,
    "it needs glibc $1, and this system has an older one",
    ({ help }) => `Use a system with a newer glibc, or build the addon on this one: ${help}`,
  ],
  [/libc\.musl|ld-musl/, "it is for musl, and this system has glibc", otherPlatform],
  [
    /ld-linux|Error loading shared library libc\.so\.6|Error relocating/,
    "it is for glibc, and this system has musl",
    otherPlatform,
  ],
  [
    /it is (an addon|a file) for|incompatible architecture|not a valid Win32|Exec format/,
    "it is for another platform",
    otherPlatform,
  ],
  [
    /cut off|empty file|not a shared library|file too short|invalid ELF|cannot read file data|ELF class|no loadable segments|Verneed|cannot dynamically load|not a mach-o|self-register/i,
    "it is damaged, or not an addon",
    damaged,
  ],
  [
    /it is of version/,
    "the packages do not belong together",
    ({ platformPackage }) =>
      `Install the version of ${platformPackage} that the driver names among its optional dependencies, by installing the driver again.`,
  ],
  [/failed to map segment/, "its file system may be mounted as noexec", elsewhere],
  [
    /EACCES|Permission denied/,
    "this user may not read it",
    () => "Give this user the right to read the file and to enter its folders.",
  ],
];

/** Explains why a file that exists was not loaded. `error` is what the attempt threw. */
export function explainFailure(error: unknown, names: AddonNames): LoadFailure {
  const text = firstLine(error);
  for (const [pattern, reason, remedy] of rules) {
    const match = pattern.exec(text);
    if (!match) continue;
    return { reason: `${reason.replace("$1", match[1] ?? "")}: ${text}`, remedy: remedy(names) };
  }
  return { reason: text, remedy: `How to build the addon on this machine: ${names.help}` };
}
