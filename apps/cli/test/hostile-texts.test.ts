import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hitsOf, run } from "./support/run-cli.js";
import { tempFolder } from "./support/temp-folder.js";
import { testModel } from "./support/test-model.js";

test("search reads UTF-16 with a byte order mark, and files of signs only", async () => {
  const cwd = tempFolder({
    "little.txt": Buffer.from("\ufeffpotato soup\r\nwith salt\r\n", "utf16le"),
    "big.txt": Buffer.from("\ufeffpotato soup\n", "utf16le").swap16(),
    "marked.txt": "\ufeffpotato soup\n",
    "emoji.txt": "🥔🍲\n",
    "signs.txt": "--- !!! ---\n",
  });
  const texts = Object.fromEntries(
    (await hitsOf(cwd, "potato soup")).map(({ path, text }) => [path, text]),
  );
  expect(texts).toEqual({
    "little.txt": "potato soup\nwith salt",
    "big.txt": "potato soup",
    "marked.txt": "potato soup",
    "emoji.txt": "🥔🍲",
    "signs.txt": "--- !!! ---",
  });
});

test.each([
  ["120 kB without a space", "x".repeat(120_000), /^(?!.*error)/s],
  ["30,000 letters", "ß".repeat(30_000), /^(?!.*error)/s],
  [
    "15,000 words",
    Array.from({ length: 15_000 }, (_, i) => `word${i}`).join(" "),
    /query was cut to 512 tokens/,
  ],
  ["120 kB of signs", "(".repeat(120_000), /query was cut to 512 tokens/],
])("a query of %s", async (_, query, said) => {
  const cwd = tempFolder({ "a.txt": "potato soup, word1 and word7\n".repeat(200) });
  const { code, err } = await run(cwd, "search", query);
  expect(code).toBe(0);
  expect(err).toMatch(said);
});

test("an argument that was not UTF-8 gives a note", async () => {
  const { err } = await run(tempFolder(), "embed", "caf\ufffd");
  expect(err).toMatch(/^note: an argument contains U\+FFFD/);
});

test("a text without tokens is refused with its line", async () => {
  const cwd = tempFolder({ "t.txt": "a\n\nb\n" });
  const model = join(cwd, "model");
  cpSync(testModel, model, { recursive: true });
  const file = join(model, "tokenizer.json");
  const tokenizer = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...tokenizer, post_processor: null }));
  writeFileSync(
    join(model, "tokenizer_config.json"),
    '{"tokenizer_class":"PreTrainedTokenizerFast"}',
  );
  const { code, err } = await run(cwd, "embed", "--file", "t.txt", "--model", model);
  expect({ code, err }).toEqual({ code: 1, err: "error: t.txt, line 2: has no tokens\n" });
});

test("lines before a refused one have their rows", async () => {
  const good = Array.from({ length: 700 }, (_, i) => `line ${i}`);
  const bytes = Buffer.concat([Buffer.from(`${good.join("\n")}\n`), Buffer.from([0xe9, 10])]);
  const { code, out, err } = await run(tempFolder({ "t.txt": bytes }), "embed", "-f", "t.txt");
  expect(code).toBe(1);
  const rows = out.split("\n").filter(Boolean);
  expect(rows.map((row) => (JSON.parse(row) as { text: string }).text)).toEqual(good);
  expect(err).toMatch(
    /^error: t\.txt, line 701: byte 1 is 0xe9, which is not valid UTF-8; [^\n]*\n$/,
  );
});
