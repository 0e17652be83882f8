import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { main } from "../src/cli.js";
import { cosine } from "../src/embedder/similarity.js";
import { fakeIo } from "./support/fake-io.js";
import { tempFolder } from "./support/temp-folder.js";

interface RowJson {
  index: number;
  text: string;
  tokens: number;
  truncated: boolean;
  embedding: number[];
}

async function embed(argv: readonly string[], io = fakeIo()): Promise<RowJson[]> {
  expect([await main(["embed", ...argv], io), io.err().replace(/^note: .*\n/gm, "")]).toEqual([
    0,
    "",
  ]);
  return io
    .out()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RowJson);
}

test("rows have the documented keys, in order, and unit vectors", async () => {
  const rows = await embed(["hello world", "second"]);
  expect(rows.map((row) => Object.keys(row))).toEqual(
    rows.map(() => ["index", "text", "tokens", "truncated", "embedding"]),
  );
  expect(rows).toMatchObject([
    { index: 0, text: "hello world", tokens: 4, truncated: false },
    { index: 1, text: "second", truncated: false },
  ]);
  for (const { embedding } of rows) expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
});

test("arguments, a file and standard input give the same rows", async () => {
  const texts = ["one fish", "", "two fish", "ünïcode 🚀"];
  const cwd = tempFolder({ "texts.txt": `${texts.join("\r\n")}\r\n` });
  const expected = await embed(texts);
  expect(await embed(["--file", "texts.txt"], fakeIo({ cwd }))).toEqual(expected);
  expect(await embed([], fakeIo({ stdin: texts.join("\n") }))).toEqual(expected);
});

test("--max-tokens cuts with a note, and --overflow error refuses", async () => {
  const long = "word ".repeat(50);
  const io = fakeIo();
  const [row] = await embed([long, "--max-tokens", "10"], io);
  expect(row).toMatchObject({ tokens: 10, truncated: true, text: long });
  expect(io.err()).toContain("note: 1 text cut to 10 tokens\n");

  const strict = fakeIo();
  const argv = ["embed", "fits", long, "--max-tokens", "10", "--overflow", "error"];
  expect(await main(argv, strict)).toBe(1);
  expect(strict.err()).toContain("error: text 1 has 52 tokens, the limit is 10\n");
});

test("--dimensions keeps the first numbers of a vector, and normalises it again", async () => {
  const [whole] = await embed(["some text"]);
  const [head] = await embed(["some text", "--dimensions", "64"]);
  expect(head?.embedding).toHaveLength(64);
  const [a, b] = [whole?.embedding.slice(0, 64), head?.embedding].map((x) =>
    Float32Array.from(x ?? []),
  );
  expect(cosine(a ?? new Float32Array(), b ?? new Float32Array())).toBeCloseTo(1, 6);
  expect(Math.hypot(...(b ?? []))).toBeCloseTo(1, 5);
});

test("--prompt with a text puts it before each input", async () => {
  const [prompted] = await embed(["hello", "--prompt", "query: "]);
  const [plain] = await embed(["query: hello"]);
  expect(prompted?.embedding).toEqual(plain?.embedding);
  expect(prompted?.text).toBe("hello");
});

test("json and npy hold the same vectors", async () => {
  const texts = ["alpha", "beta"];
  const expected = (await embed(texts)).map((row) => row.embedding);
  const json = fakeIo();
  expect(await main(["embed", ...texts, "--format", "json"], json)).toBe(0);
  expect((JSON.parse(json.out()) as RowJson[]).map((row) => row.embedding)).toEqual(expected);

  const npy = fakeIo();
  expect(await main(["embed", ...texts, "--format", "npy"], npy)).toBe(0);
  const bytes = npy.outBytes();
  const body = bytes.subarray(10 + bytes.readUInt16LE(8));
  const values = Float32Array.from({ length: body.length / 4 }, (_, i) => body.readFloatLE(i * 4));
  expect(values).toEqual(Float32Array.from(expected.flat()));
});

test("rows are printed while standard input is still open", async () => {
  const stdin = new PassThrough();
  const io = fakeIo({ stdin });
  const done = main(["embed"], io);
  stdin.write("first line\nsecond");
  while (!io.out().includes("first line")) await sleep(10);
  expect(io.out()).not.toContain("second");
  stdin.end();
  expect(await done).toBe(0);
  expect(io.out().split("\n")).toHaveLength(3);
});
