import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../src/cli.js";
import { walk } from "../src/walk.js";
import { fakeIo } from "./support/fake-io.js";
import { hitsOf, run } from "./support/run-cli.js";
import { isPosix, takesAnyName, unsafeCharacters, unsafeIn } from "./support/special-files.js";
import { tempFolder } from "./support/temp-folder.js";
import { onTestModel, testModel } from "./support/test-model.js";

describe.skipIf(!isPosix)("names with every control character", () => {
  const names = [
    ...unsafeCharacters.map((character) => `a${character}b.txt`),
    "title\x1b]0;owned\x07.txt",
    " 1  0.999  forged.txt:1-1\n 2  0.998  forged.txt:1-1",
    "quote'\"\\.txt",
    `${"n".repeat(251)}.txt`,
  ];
  const folder = (): string =>
    tempFolder(Object.fromEntries(names.map((name) => [name, `potato soup\n${name}\n`])));

  test("text output has escapes, one line per hit, and no terminal control characters", async () => {
    const { code, out, err } = await run(folder(), "search", "potato soup", "-n", "500");
    expect(code).toBe(0);
    expect(unsafeIn(out + err)).toEqual([]);
    expect(out.match(/^ *\d+ {2}0\.\d{3} {2}/gm)).toHaveLength(names.length);
    expect(out).toContain("title\\u{1b}]0;owned\\u{7}.txt:1-2");
    expect(out).toContain("0.999  forged.txt:1-1\\n 2  0.998");
  });

  test("in a terminal, colours are the only escape sequences", async () => {
    const io = fakeIo({ cwd: folder(), terminals: ["stdout", "stderr"] });
    expect(await main(onTestModel(["search", "potato soup", "-n", "500"]), io)).toBe(0);
    const esc = "\x1b";
    const ours = new RegExp(`${esc}\\[\\d+m|\r${esc}\\[K`, "g");
    expect(unsafeIn((io.out() + io.err()).replace(ours, ""))).toEqual([]);
  });

  test("--json has the exact names, and no control characters either", async () => {
    const cwd = folder();
    const { out } = await run(cwd, "search", "potato soup", "--json");
    expect(unsafeIn(out)).toEqual([]);
    const hits = await hitsOf(cwd, "potato soup");
    expect(hits.map((hit) => hit.path).sort()).toEqual([...names].sort());
    for (const { path, text } of hits) expect(text).toBe(`potato soup\n${path}`);
  });

  const all = unsafeCharacters.join("");
  test.each([
    ["embed", "--file", all],
    ["search", "x", all],
    ["embed", "x", "--model", all],
    ["embed", "x", "--model", all, "--debug"],
    ["embed", "x", `--${all}`],
    ["embed", "x", "--driver", all],
    ["embed", "x", "--threads", all],
    ["bench", "--lengths", all],
    [all],
  ])("%j: the error escapes them", async (...argv) => {
    const { code, out, err } = await run(tempFolder(), ...argv);
    expect(code).toBeGreaterThan(0);
    expect(out).toBe("");
    expect(unsafeIn(err)).toEqual([]);
    expect(err).toContain("\\u{1}");
    const ours = err.split("\n").filter((line) => !/^( {4}at |caused by)/.test(line));
    expect(ours.filter(Boolean)).toHaveLength(1);
  });

  test("the name of a model folder is escaped in text, and exact in JSON", async () => {
    const cwd = tempFolder({ "a.txt": "potato soup\n" });
    const model = join(cwd, all);
    cpSync(testModel, model, { recursive: true });
    rmSync(join(model, "modules.json"));
    const bench = ["bench", "--lengths", "1x4", "--rounds", "1", "--model", model];
    for (const argv of [bench, ["embed", "x", "--model", model], [...bench, "--json"]]) {
      const { code, out, err } = await run(cwd, ...argv);
      expect({ code, unsafe: unsafeIn(out + err) }).toEqual({ code: 0, unsafe: [] });
      expect(err).toMatch(/^note: .*\\u\{1\}.* has no modules\.json/);
      if (argv.includes("--json")) expect(JSON.parse(out)).toMatchObject({ model });
    }
  });

  test("rows of embed read back exactly", async () => {
    const text = unsafeCharacters.filter((character) => !/[\n\r]/.test(character)).join("a");
    const { out } = await run(tempFolder({ "t.txt": `${text}\n` }), "embed", "-f", "t.txt");
    expect(unsafeIn(out)).toEqual([]);
    expect((JSON.parse(out) as { text: string }).text).toBe(text);
  });
});

describe.skipIf(!takesAnyName)("a name that is not UTF-8", () => {
  const folder = (): string => {
    const cwd = tempFolder({ "plain.txt": "potato soup\n", ".gitignore": "" });
    writeFileSync(Buffer.from(`${cwd}/caf\xe9.txt`, "latin1"), "potato soup with salt\n");
    mkdirSync(Buffer.from(`${cwd}/\xff`, "latin1"));
    writeFileSync(Buffer.from(`${cwd}/\xff/in.txt`, "latin1"), "potato soup with pepper\n");
    return cwd;
  };

  test("is searched, shown, and given exactly", async () => {
    const cwd = folder();
    const { out, err } = await run(cwd, "search", "potato soup");
    expect(out).toContain("caf\ufffd.txt:1-1");
    expect(err).not.toContain("left out");
    const hits = await hitsOf(cwd, "potato soup");
    const bytes = hits.map(({ path, pathBytes }) =>
      pathBytes === undefined ? path : Buffer.from(pathBytes, "base64").toString("latin1"),
    );
    expect(bytes.sort()).toEqual(["caf\xe9.txt", "plain.txt", "\xff/in.txt"]);
    for (const { path, text } of hits) expect(text.includes("salt")).toBe(path === "caf\ufffd.txt");
  });

  test("is matched byte by byte, as in git", async () => {
    const cwd = folder();
    writeFileSync(join(cwd, ".gitignore"), Buffer.from("caf\xe9*\n\xff/\n", "latin1"));
    expect((await walk(["."], { cwd })).files.map((file) => file.path)).toEqual(["plain.txt"]);
  });
});
