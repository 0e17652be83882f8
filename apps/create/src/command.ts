import { relative } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { CreateError } from "./create-error.js";
import { createProject } from "./create-project.js";
import type { Template } from "./template.js";

export interface CreateCommand {
  /** What is made, such as `driver`. The command is `create-ripvec-driver`, and a package is `ripvec-driver-…`. */
  readonly what: string;
  readonly version: string;
  /** The template that is taken unless a flag names another one. */
  readonly template: Template;
  /** Other templates, by the flag that selects them, such as `native` for `--native`. */
  readonly variants?: Readonly<Record<string, CreateVariant>>;
  /** Where the guide is: an address. */
  readonly guide: string;
}

export interface CreateVariant {
  /** One line for the help. */
  readonly help: string;
  readonly template: Template;
}

/** Runs the command line, and resolves with the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function runCreate(command: CreateCommand, args: readonly string[]): Promise<number> {
  try {
    return await run(command, args);
  } catch (error) {
    if (error instanceof CreateError) console.error(error.message);
    else console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

async function run(command: CreateCommand, args: readonly string[]): Promise<number> {
  const parsed = parse(command, args);
  if (typeof parsed === "string") {
    console.error(`${parsed}\n\n${usage(command)}`);
    return 2;
  }
  if (parsed.help) console.log(usage(command));
  else if (parsed.version) console.log(command.version);
  else await make(command, parsed.template, parsed.typed ?? (await ask(command)));
  return 0;
}

interface Parsed {
  readonly help: boolean;
  readonly version: boolean;
  readonly typed: string | undefined;
  readonly template: Template;
}

/** A text in place of the result says what is wrong with the arguments. */
function parse(command: CreateCommand, args: readonly string[]): Parsed | string {
  const variants = Object.entries(command.variants ?? {});
  const flags = ["help", "version", ...variants.map(([flag]) => flag)];
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(flags.map((flag) => [flag, { type: "boolean" as const }])),
    });
    const [typed, second] = positionals;
    if (second !== undefined)
      return `One name is expected; ${JSON.stringify(second)} is a second one.`;
    const isInformation = values.help === true || values.version === true;
    if (typed === undefined && !isInformation && !process.stdin.isTTY) return "A name is missing.";
    const chosen = variants.find(([flag]) => values[flag] === true);
    return {
      help: values.help === true,
      version: values.version === true,
      typed,
      template: chosen ? chosen[1].template : command.template,
    };
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

async function ask({ what }: CreateCommand): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(`Name of the ${what}: `)).trim();
  } finally {
    terminal.close();
  }
}

async function make(command: CreateCommand, template: Template, typed: string): Promise<void> {
  const prefix = `ripvec-${command.what}-`;
  const { names, folder } = await createProject({ typed, prefix, template });
  const path = relative(process.cwd(), folder);
  const manager = packageManager();
  console.log(
    [
      `Created ${names.packageName} in ${folder}.`,
      "",
      "Next:",
      `  cd ${/^[\w.@/\\:-]+$/.test(path) ? path : JSON.stringify(path)}`,
      `  ${manager} install`,
      `  ${manager}${manager === "bun" ? " run" : ""} test`,
      "",
      `Guide: ${command.guide}`,
    ].join("\n"),
  );
}

/** The package manager that started this program says its name in an environment variable. */
function packageManager(): string {
  const [name = ""] = (process.env.npm_config_user_agent ?? "").split("/");
  return ["npm", "pnpm", "yarn", "bun"].includes(name) ? name : "npm";
}

function usage({ what, variants = {} }: CreateCommand): string {
  const options = [
    ...Object.entries(variants).map(([flag, { help }]) => [`--${flag}`, help]),
    ["--help", "print this help"],
    ["--version", "print the version"],
  ];
  return [
    `Usage: create-ripvec-${what} <name> [options]`,
    "",
    `Makes a folder with a ripvec ${what}: a package that is ready to be tested. The name is a short one (my-${what}`,
    `for the package ripvec-${what}-my-${what}), a full one (@my-scope/my-${what}), or a path that ends with a name.`,
    "",
    "Options:",
    ...options.map(([flag = "", help]) => `  ${flag.padEnd(12)}${help}`),
  ].join("\n");
}
