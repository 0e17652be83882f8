import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runCreate } from "../src/command.js";

const command = {
  what: "driver",
  version: "1.2.3",
  template: { "plain.txt": "{{shortName}}" },
  variants: { native: { help: "in C++", template: { "native.txt": "" } } },
  guide: "https://example.org/guide",
};
let cwd = "";
let output = "";
let errors = "";

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "ripvec-create-"));
  output = errors = "";
  vi.spyOn(process, "cwd").mockReturnValue(cwd);
  vi.spyOn(console, "log").mockImplementation((text) => {
    output += `${text}\n`;
  });
  vi.spyOn(console, "error").mockImplementation((text) => {
    errors += `${text}\n`;
  });
  vi.stubEnv("npm_config_user_agent", "");
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(cwd, { recursive: true });
});

test.each([
  ["npm/10.8.2 node/v20.20.2", "npm install", "npm test"],
  ["pnpm/10.34.9 npm/? node/v20.20.2", "pnpm install", "pnpm test"],
  ["yarn/4.10.3 npm/? node/v20.20.2", "yarn install", "yarn test"],
  ["bun/1.3.0 npm/? node/v24.3.0", "bun install", "bun run test"],
  ["", "npm install", "npm test"],
])("prints the next commands for the package manager %j", async (agent, install, run) => {
  vi.stubEnv("npm_config_user_agent", agent);
  expect(await runCreate(command, ["my-driver"])).toBe(0);
  expect(output).toContain(`Next:\n  cd my-driver\n  ${install}\n  ${run}\n`);
  expect(await readdir(join(cwd, "my-driver"))).toEqual(["plain.txt"]);
});

test("a flag chooses another template", async () => {
  expect(await runCreate(command, ["my-driver", "--native"])).toBe(0);
  expect(await readdir(join(cwd, "my-driver"))).toEqual(["native.txt"]);
});

test("a path with a space is quoted", async () => {
  expect(await runCreate(command, [join("a folder", "my-driver")])).toBe(0);
  expect(output).toContain(`  cd ${JSON.stringify(join("a folder", "my-driver"))}\n`);
});

test.each([
  [["--fast", "my-driver"], /Unknown option '--fast'/],
  [["one", "two"], /"two" is a second one/],
  [[], /A name is missing/],
])("the arguments %j are wrong usage", async (args, message) => {
  vi.spyOn(process, "stdin", "get").mockReturnValue({ isTTY: false } as typeof process.stdin);
  expect(await runCreate(command, args)).toBe(2);
  expect(errors).toMatch(message);
  expect(errors).toContain("Usage: create-ripvec-driver <name> [options]");
  expect(await readdir(cwd)).toEqual([]);
});

test("a refused name is one line, without a stack", async () => {
  expect(await runCreate(command, ["My-Driver"])).toBe(1);
  expect(errors.trim().split("\n")).toHaveLength(1);
  expect(errors).toContain('"My-Driver" is not a name of an npm package');
});

test("--help and --version print, and make nothing", async () => {
  expect(await runCreate(command, ["--version"])).toBe(0);
  expect(output).toBe("1.2.3\n");
  expect(await runCreate(command, ["--help"])).toBe(0);
  expect(output).toContain("--native    in C++");
  expect(await readdir(cwd)).toEqual([]);
});
