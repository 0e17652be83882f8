import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf } from "../src/byte-path.js";
import { PatternFile } from "../src/gitignore/pattern-file.js";
import { walk } from "../src/walk.js";
import { hasGit, isPosix } from "./support/special-files.js";
import { tempFolder } from "./support/temp-folder.js";

/** Asks as the walk does: folders from the top, and nothing below one that is ignored. */
function ignored(text: string, path: string, ignoreCase = false): boolean {
  const file = PatternFile.parse(bytesOf(text), { ignoreCase });
  const parts = path.split("/");
  return parts.some((_, index) => {
    const part = bytesOf(parts.slice(0, index + 1).join("/"));
    return file?.verdict(part, index + 1 < parts.length) === "ignored";
  });
}

/** The answers of git 2.39. */
const cases: [text: string, path: string, expected: boolean][] = [
  ["\ufeff*.log\n", "a.log", true],
  ["*.log\r\nb\r\n", "b", true],
  ["a\rb\n", "a\rb", true],
  ["a\rb\n", "a", false],
  ["a\r\r\n", "a\r", true],
  ["a  \n", "a", true],
  ["a\\ \n", "a ", true],
  ["a\t\n", "a", false],
  ["#a\n\\#b\n!c\n\\!d\n", "#b", true],
  ["#a\n\\#b\n!c\n\\!d\n", "!d", true],
  ["*\n!*.md\n", "read.md", false],
  ["/a\n", "b/a", false],
  ["a/\n", "b/a/c", true],
  ["a/b\n", "c/a/b", false],
  ["**/a/b\n", "c/d/a/b", true],
  ["a/**/b\n", "a/b", true],
  ["a/**/b\n", "a/x/y/b", true],
  ["a/**\n", "a/x/y", true],
  ["a**/b\n", "axy/z/b", true],
  ["?a**/b\n", "xaq/y/b", false],
  ["?/**a/b\n", "x/y/za/b", false],
  ["**/b\n", "ab", false],
  ["a/**/b\n", "a/xb", false],
  ["?\n", "é", false],
  ["??\n", "é", true],
  ["[[:digit:]]x\n", "7x", true],
  ["[!a-c]\n", "d", true],
  ["[a\n", "[a", false],
  ["a\\\n", "a\\", false],
  ["a.o\n!*.o\n", "a.o", false],
  ["!*.o\na.o\n", "a.o", true],
  ["!a.*\n*.o\n", "a.o", true],
  ["*.o\n!a.*\n*.o\n", "a.o", true],
  ["*.o\n!.o\n!b/\nb\n", "b", true],
  ["b\n!b/\n", "b/c", false],
  ["b\n!b/\n", "b", true],
  ["!a/b\n*b\n", "a/b", true],
  ["*b\n!a/b\n", "a/b", false],
  ["a?\n!?b\na?\n", "ab", true],
];

test.each(cases)("%j and %j", (text, path, expected) => {
  expect(ignored(text, path)).toBe(expected);
});

const pieces = (
  "a b A c é * * ** ? / / **/ /** *** [ab] [!a] [a-c] [A-C] []a] [^]a] [[:alpha:]] [[:upper:]] [[:space:]-a] " +
  "\\ \\* \\A \\/ ! # - ] [ ."
).split(" ");
/** Lines that are looked up in a table; their order must still apply. */
const simple = fc.constantFrom(
  ..."a !a a/ !a/ *a !*a *a/ !*A *A *ab !*b a/b !a/b A ! * !*".split(" "),
);
const mixed = fc
  .array(fc.constantFrom(...pieces, " ", "\\ ", "\r", "\t", "\ufeff"), { maxLength: 6 })
  .map((parts) => parts.join(""));
const line = fc.oneof(mixed, simple);
const file = fc
  .tuple(
    fc.constantFrom("", "", "", "\ufeff"),
    fc.array(line, { minLength: 1, maxLength: 5 }),
    fc.constantFrom("\n", "\r\n"),
    fc.constantFrom("", "\n", " \n"),
  )
  .map(([mark, lines, end, last]) => `${mark}${lines.join(end)}${last}`);
const name = fc
  .array(fc.constantFrom(..."abcABé*-]![.# \\\r\n"), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(""))
  .filter((text) => text !== "." && text !== "..");
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
const paths = fc.uniqueArray(path, { minLength: 50, maxLength: 50 });

describe.skipIf(!hasGit || !isPosix)("against git, if it is installed", () => {
  test("the cases above", () => {
    const cwd = tempFolder();
    execFileSync("git", ["init", "-q", cwd]);
    for (const [text, each, expected] of cases) {
      writeFileSync(join(cwd, ".gitignore"), text);
      expect(ignoredByGit(cwd, [each], false), JSON.stringify(text)).toEqual(
        expected ? [each] : [],
      );
    }
  });

  test.each([false, true])("patterns and paths of all kinds, ignoring case: %s", (ignoreCase) => {
    const cwd = tempFolder();
    execFileSync("git", ["init", "-q", cwd]);
    fc.assert(
      fc.property(file, paths, (text, list) => {
        writeFileSync(join(cwd, ".gitignore"), text);
        const said = list.filter((each) => ignored(text, each, ignoreCase));
        expect(said).toEqual(ignoredByGit(cwd, list, ignoreCase));
      }),
      { numRuns: 50 },
    );
  });

  test("nested files, through a whole tree", async () => {
    const small = fc.constantFrom("a", "b", "c", "ab", "a.x", "é", "a\rb");
    const tree = fc.uniqueArray(fc.array(small, { minLength: 1, maxLength: 4 }), {
      minLength: 5,
      maxLength: 20,
      selector: (names) => names.join("/"),
    });
    const rules = fc.array(fc.tuple(fc.array(small, { maxLength: 2 }), file), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(tree, rules, async (files, ignoreFiles) => {
        const cwd = tempFolder();
        execFileSync("git", ["init", "-q", cwd]);
        for (const names of files) tryToWrite(join(cwd, ...names), "text");
        for (const [folder, text] of ignoreFiles) {
          tryToWrite(join(cwd, ...folder, ".gitignore"), text);
        }
        const found = await walk(["."], { cwd });
        const expected = filesByGit(cwd).filter((each) => !each.endsWith(".gitignore"));
        expect(found.files.map((each) => each.path).sort()).toEqual(expected.map(bytesOf).sort());
      }),
      { numRuns: 15 },
    );
  });
});

function ignoredByGit(cwd: string, list: readonly string[], ignoreCase: boolean): string[] {
  const setting = `core.ignoreCase=${ignoreCase}`;
  const command = ["-C", cwd, "-c", setting, "check-ignore", "--no-index", "--stdin", "-z"];
  try {
    const said = execFileSync("git", command, { input: list.join("\0"), stdio: "pipe" });
    return said.toString().split("\0").filter(Boolean);
  } catch (error) {
    // Exit code 1: no path is ignored.
    if ((error as { status?: number }).status === 1) return [];
    throw error;
  }
}

/** The files that are not ignored. */
function filesByGit(cwd: string): string[] {
  const command = ["-C", cwd, "ls-files", "--others", "--exclude-per-directory=.gitignore", "-z"];
  return execFileSync("git", command).toString().split("\0").filter(Boolean);
}

/** A name may already be a file where a folder is needed. */
function tryToWrite(file: string, text: string): void {
  try {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    if (!/^(EEXIST|ENOTDIR|EISDIR)$/.test((error as { code: string }).code)) throw error;
  }
}

test("no pattern takes long, such as many stars on a long name and many globstars on a deep path", () => {
  expect(ignored(`${"*a".repeat(60)}b\n`, "a".repeat(250))).toBe(false);
  expect(ignored(`${"a/**/".repeat(40)}b\n`, `${"a/".repeat(300)}a`)).toBe(false);
  expect(ignored(`${"**/*a".repeat(40)}b\n`, `${"a/".repeat(300)}a`)).toBe(false);
  expect(ignored(`${"[".repeat(4000)}\n${"[:".repeat(2000)}\n`, "a".repeat(250))).toBe(false);
});

describe("a whole file does not take long either", () => {
  const names = Array.from({ length: 30 }, (_, index) => `${"a".repeat(200)}${index}`);
  const filled = (line: (index: number) => string, bytes: number): string => {
    const lines: string[] = [];
    for (let size = 0; size < bytes; size += (lines.at(-1)?.length ?? 0) + 1) {
      lines.push(line(lines.length));
    }
    return lines.join("\n");
  };

  test.each<[string, (index: number) => string]>([
    ["one repeated line", () => "*a"],
    ["lines that are longer than the name", (index) => `${"*a".repeat(2000)}${index}`],
    ["ends", (index) => `*${index}b`],
    ["names", (index) => `${index}`],
    ["endless brackets", (index) => `${index}${"[:".repeat(2040)}`],
    ["spaces", (index) => `a${" ".repeat(4000)}${index}`],
  ])("%s", (_, line) => {
    const file = PatternFile.parse(filled(line, 2 ** 18), { ignoreCase: false });
    const before = performance.now();
    for (const name of names) file?.verdict(name, false);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  test("more wildcards than the limit are refused", () => {
    const parse = (text: string) => PatternFile.parse(text, { ignoreCase: false });
    const line = (index: number) => `*a*${index % 10}*`;
    expect(
      parse(Array.from({ length: 10_000 }, (_, index) => line(index)).join("\n")),
    ).toBeDefined();
    expect(parse(filled((index) => `*a*${index}`, 2 ** 15))).toBeUndefined();
    expect(parse(filled((index) => `${"**/".repeat(1000)}${index}`, 2 ** 15))).toBeUndefined();
    expect(parse(filled((index) => `*${index}`, 2 ** 15))).toBeDefined();
  });
});
