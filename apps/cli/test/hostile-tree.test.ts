import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../src/cli.js";
import { InterruptedError } from "../src/errors.js";
import { readText } from "../src/read-text.js";
import { walk } from "../src/walk.js";
import { fakeIo } from "./support/fake-io.js";
import { run } from "./support/run-cli.js";
import { asOtherUser, isPosix, makePipe, makeSocket, openFiles } from "./support/special-files.js";
import { tempFolder } from "./support/temp-folder.js";
import { onTestModel } from "./support/test-model.js";

describe.skipIf(!isPosix)("a path that is not a regular file", () => {
  test("is not read inside a tree, whatever its name", async () => {
    const cwd = tempFolder({ "sub/soup.txt": "potato soup\n" });
    makePipe(join(cwd, "pipe.txt"));
    makePipe(join(cwd, "sub/.gitignore"));
    await makeSocket(join(cwd, "socket.txt"));
    symlinkSync("/dev/zero", join(cwd, "zero.txt"));
    symlinkSync("/dev/zero", join(cwd, ".gitignore"));
    symlinkSync(".", join(cwd, "loop"));
    symlinkSync("round.txt", join(cwd, "round.txt"));
    symlinkSync("nowhere.txt", join(cwd, "broken.txt"));
    const { code, out, err } = await run(cwd, "search", "potato soup", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ hits: [{ path: "sub/soup.txt" }] });
    expect(err).toMatch(
      /^note: left out: 2 \.gitignore \(\.gitignore: it is a symbolic link, or links form a loop, sub\/\.gitignore: not a regular file\)\n$/,
    );
  });

  test("that is named is read if possible, and otherwise refused by name", async () => {
    const cwd = tempFolder();
    await makeSocket(join(cwd, "socket"));
    symlinkSync("round", join(cwd, "round"));
    expect((await run(cwd, "embed", "--file", "socket")).err).toBe(
      "error: socket is a socket; --file takes a file with one text per line\n",
    );
    expect((await run(cwd, "search", "x", "socket")).err).toBe(
      "error: socket is a socket; search takes files and folders\n",
    );
    for (const argv of [
      ["embed", "--file", "round"],
      ["search", "x", "round"],
    ]) {
      expect((await run(cwd, ...argv)).err).toBe(
        "error: round cannot be read: it is a symbolic link, or links form a loop\n",
      );
    }
  });

  test.skipIf(process.platform !== "linux")("an endless device is left out", async () => {
    const { code, err } = await run("/dev", "search", "x", "zero");
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error: there is no text to search in zero; left out: 1 above 1 MiB \(zero\)\n$/,
    );
  });

  test.each([
    ["embed", "--file", "pipe"],
    ["search", "x", "pipe"],
  ])("an interruption while waiting for a pipe leaves no file open: %s", async (...argv) => {
    const cwd = tempFolder();
    makePipe(join(cwd, "pipe"));
    await run(tempFolder({ "a.txt": "a" }), "search", "x");
    const before = openFiles();
    const controller = new AbortController();
    const io = fakeIo({ cwd, signal: controller.signal });
    setTimeout(() => controller.abort(new InterruptedError()), 1000);
    expect(await main(onTestModel(argv), io)).toBe(130);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(openFiles()).toBe(before);
  });

  test("a file that becomes a pipe, or disappears, after it was listed", async () => {
    const cwd = tempFolder({ "a.txt": "a", "b.txt": "b", "c.txt": "c" });
    const { files } = await walk(["."], { cwd });
    rmSync(join(cwd, "a.txt"));
    rmSync(join(cwd, "b.txt"));
    makePipe(join(cwd, "b.txt"));
    renameSync(join(cwd, "c.txt"), join(cwd, "d.txt"));
    mkdirSync(join(cwd, "c.txt"));
    const { signal } = new AbortController();
    expect(await Promise.all(files.map((file) => readText(file, signal)))).toEqual([
      { skip: "unreadable", detail: "there is no such file" },
      { skip: "not a regular file" },
      { skip: "not a regular file" },
    ]);
  });
});

describe.skipIf(!isPosix)("an unreadable file", () => {
  test("is named, and does not end the search", async () => {
    const cwd = tempFolder({
      "closed/a.txt": "a",
      "secret.txt": "s",
      "sub/.gitignore": "b.txt",
      "sub/b.txt": "b",
      "text.txt": "potato soup",
    });
    for (const path of ["closed", "secret.txt", "sub/.gitignore"]) chmodSync(join(cwd, path), 0);
    chmodSync(cwd, 0o755);
    const said = await asOtherUser(() => run(cwd, "search", "potato soup", "--json"));
    chmodSync(join(cwd, "closed"), 0o755);
    expect(said.code).toBe(0);
    expect(said.err).toMatch(
      /^note: left out: 2 unreadable \(closed: permission denied, secret\.txt: permission denied\); 1 \.gitignore \(sub\/\.gitignore: permission denied\)\n$/,
    );
  });

  test("is an error when it is named", async () => {
    const cwd = tempFolder({ "secret.txt": "s" });
    chmodSync(join(cwd, "secret.txt"), 0);
    chmodSync(cwd, 0o755);
    const embed = await asOtherUser(() => run(cwd, "embed", "-f", "secret.txt"));
    expect(embed.err).toBe("error: secret.txt cannot be read: permission denied\n");
    const search = await asOtherUser(() => run(cwd, "search", "x", "secret.txt"));
    expect(search.err).toMatch(
      /^error: there is no text to search in secret\.txt; left out: 1 unreadable \(secret\.txt: permission denied\)\n$/,
    );
  });
});

const wild = (count: number, letter: string): string =>
  Array.from({ length: count }, (_, index) => `*${letter}*${index}`).join("\n");

test("a .gitignore that takes too long to apply is not applied, and is named", async () => {
  const cwd = tempFolder({
    "large/.gitignore": "# comment\n".repeat(30_000),
    "wild/.gitignore": wild(3000, "a"),
    "long/.gitignore": `${"name\n".repeat(50_000)}*.o`,
    "long/a.o": "potato",
    "soup.txt": "potato soup",
    // Each is within the limit alone; in the inner folder both apply.
    "nested/.gitignore": wild(1000, "a"),
    "nested/inner/.gitignore": wild(1500, "b"),
  });
  const { err } = await run(cwd, "search", "potato soup");
  expect(err).toMatch(
    /^note: left out: 3 \.gitignore \(large\/\.gitignore: too large, nested\/inner\/\.gitignore: too many wildcards, wild\/\.gitignore: too many wildcards\)\n$/,
  );
  const { leftOut, files } = await walk(["."], { cwd });
  expect(files.map((file) => file.path)).toEqual(["soup.txt"]);
  expect(leftOut.counts.get(".gitignore")).toBe(3);
});

describe.skipIf(!isPosix)("size", () => {
  test("a tree deeper than the longest path is read as far as possible", async () => {
    const cwd = tempFolder({ "a.txt": "potato soup" });
    const name = "d".repeat(50);
    const dig = `for (let i = 0; i < 120; i++) { fs.mkdirSync("${name}"); process.chdir("${name}"); }`;
    execFileSync(process.execPath, ["-e", dig], { cwd });
    try {
      const { files, leftOut } = await walk(["."], { cwd });
      expect(files.map((file) => file.path)).toEqual(["a.txt"]);
      expect(`${leftOut}`).toMatch(/^left out: 1 unreadable \(dd.*: the path is too long\)$/);
      expect(`${leftOut}`.length).toBeLessThan(250);
    } finally {
      removeDeep(join(cwd, name), name);
    }
  });

  test("many files of a kind are counted, and the first are named", async () => {
    const latin = Buffer.from("caf\xe9\n", "latin1");
    const cwd = tempFolder({
      "soup.txt": "potato soup",
      ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`old${i}.txt`, latin])),
    });
    const { err } = await run(cwd, "search", "potato soup");
    expect(err).toMatch(
      /^note: left out: 9 not UTF-8 \(old0\.txt: line 1: byte 4 is 0xe9, which is not valid UTF-8, old1\.txt: [^()]*, old2\.txt: [^()]*, …\)\n$/,
    );
  });
});

/**
 * Removes a chain of folders with one name from its top, because no path is long enough to reach
 * its end.
 */
function removeDeep(top: string, name: string): void {
  const rest = `${top}-rest`;
  while (existsSync(join(top, name))) {
    renameSync(join(top, name), rest);
    rmdirSync(top);
    renameSync(rest, top);
  }
  rmdirSync(top);
}
