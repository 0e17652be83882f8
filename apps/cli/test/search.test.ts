import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { main } from "../src/cli.js";
import { cosine } from "../src/embedder/similarity.js";
import { fakeIo } from "./support/fake-io.js";
import { tempFolder } from "./support/temp-folder.js";

const folder = () =>
  tempFolder({
    "docs/cooking.md": "# Soup\n\nBoil potatoes, carrots and onions, then add salt.\n",
    "docs/network.md":
      "# Retries\n\nA failed download is retried three times.\n\n## Timeouts\n\nTen seconds.\n",
    "src/thread-pool.ts":
      "/** Starts worker threads and hands out jobs. */\nexport class ThreadPool {}\n",
    "src/skip.bin": "x",
  });

interface SearchJson {
  query: string;
  backend: string;
  hits: {
    score: number;
    path: string;
    from: number;
    to: number;
    text: string;
    truncated: boolean;
  }[];
}

async function searchJson(argv: readonly string[]): Promise<SearchJson> {
  const io = fakeIo({ cwd: folder() });
  expect(await main(["search", ...argv, "--json"], io)).toBe(0);
  return JSON.parse(io.out()) as SearchJson;
}

test.each([
  ["what happens when a connection drops", "docs/network.md"],
  ["vegetables for dinner", "docs/cooking.md"],
  ["parallel execution", "src/thread-pool.ts"],
])("%s: the passage with this meaning comes first, without sharing a word", async (query, path) => {
  const { hits, backend } = await searchJson([query]);
  expect(hits[0]).toMatchObject({ path, truncated: false });
  expect(backend).toBe("cpu/classic-bert");
  expect(hits).toHaveLength(3);
  const scores = hits.map(({ score }) => score);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
});

test("-n and paths limit the hits; lines and text are those of the file", async () => {
  const { hits } = await searchJson(["retries", "docs", "-n", "1"]);
  expect(hits).toMatchObject([
    {
      path: "docs/network.md",
      from: 1,
      to: 7,
      text: expect.stringMatching(/^# Retries\n\nA failed/),
    },
  ]);
});

async function embeddedCosine(query: string, text: string): Promise<number> {
  const io = fakeIo();
  expect(await main(["embed", query, text, "--format", "json"], io)).toBe(0);
  const [a = [], b = []] = (JSON.parse(io.out()) as { embedding: number[] }[]).map(
    ({ embedding }) => embedding,
  );
  return cosine(Float32Array.from(a), Float32Array.from(b));
}

test.each([
  ["a pool of threads", "src/pool.ts", 0],
  ["a pool of threads", "test/pool.ts", 0.05],
  ["what tests the pool", "test/pool.ts", 0],
  ["a pool of threads", "CHANGELOG.md", 0.05],
  ["a pool of tested threads", "CHANGELOG.md", 0.05],
  ["what changed in the pool", "CHANGELOG.md", 0],
  ["which release has the pool", "lib/HISTORY.md", 0],
])("%s: %s scores %d less than the cosine of embed's vectors", async (query, path, less) => {
  const content = "export class ThreadPool {}";
  const io = fakeIo({ cwd: tempFolder({ [path]: content }) });
  expect(await main(["search", query, "--json"], io)).toBe(0);
  const { hits } = JSON.parse(io.out()) as SearchJson;
  const whole = await embeddedCosine(query, `${path}\n${content}`);
  expect(hits[0]?.score).toBeCloseTo(whole - less, 6);
});

test.each<[string, Record<string, number>]>([
  ["tests/app", { "tests/app/src/pool.ts": 0, "tests/app/test/pool.ts": 0.05 }],
  ["tests/app/test/pool.ts", { "tests/app/test/pool.ts": 0 }],
  ["tests/app/pool.test.ts", { "tests/app/pool.test.ts": 0.05 }],
  [".", { "tests/app/src/pool.ts": 0.05 }],
])("in %s, names above the named path do not make a file a test", async (named, less) => {
  const content = "export class ThreadPool {}";
  const cwd = tempFolder(Object.fromEntries(Object.keys(less).map((path) => [path, content])));
  const io = fakeIo({ cwd });
  const query = "a pool of threads";
  expect(await main(["search", query, named, "--json"], io)).toBe(0);
  const { hits } = JSON.parse(io.out()) as SearchJson;
  expect(hits.map(({ path }) => path).sort()).toEqual(Object.keys(less));
  for (const { path, score } of hits) {
    const whole = await embeddedCosine(query, `${path}\n${content}`);
    expect(whole - score).toBeCloseTo(less[path] ?? Number.NaN, 6);
  }
});

test("text output has ranked hits with their locations, coloured in a terminal", async () => {
  const cwd = folder();
  const plain = fakeIo({ cwd });
  expect(await main(["search", "potato soup"], plain)).toBe(0);
  expect(plain.out()).toMatch(/^ 1 {2}0\.\d{3} {2}docs\/cooking\.md:1-3\n {7}1 {2}# Soup\n/);

  const terminal = fakeIo({ cwd, terminals: ["stdout", "stderr"] });
  expect(await main(["search", "potato soup"], terminal)).toBe(0);
  expect(terminal.out()).toContain("\x1b[36mdocs/cooking.md");
  expect(stripVTControlCharacters(terminal.out())).toBe(plain.out());
  expect(terminal.err()).toMatch(
    /3 passages of 3 files in .* tokens\/s\nnote: left out: 1 binary\n\n$/,
  );
});

test("files without text are an error that gives the reason", async () => {
  const cwd = tempFolder({ "utf16.txt": Buffer.from("hello", "utf16le"), "blank.md": "\n\n" });
  const io = fakeIo({ cwd });
  expect(await main(["search", "hello", "utf16.txt", "blank.md"], io)).toBe(1);
  expect(io.err()).toMatch(
    /error: there is no text to search in utf16.txt, blank.md; left out: 1 not UTF-8 \(utf16.txt: it seems to be UTF-16 without a byte order mark\)\n$/,
  );
});

test("a long text with adjacent passages takes one place, so that other files are listed", async () => {
  const sentence = "A failed download is retried three times, and then it is given up.";
  const cwd = tempFolder({
    "retries.md": `${Array.from({ length: 120 }, () => sentence).join("\n")}\n`,
    "soup.md": "Boil potatoes, carrots and onions.\n",
    "pool.md": "Worker threads take jobs from a queue.\n",
  });
  const io = fakeIo({ cwd });
  const argv = ["search", "how often is a download retried", "--json", "-n", "20"];
  expect(await main(argv, io)).toBe(0);
  const { hits } = JSON.parse(io.out()) as SearchJson;
  expect(hits.map(({ path }) => path)).toEqual(expect.arrayContaining(["soup.md", "pool.md"]));
  const retries = hits.filter(({ path }) => path === "retries.md");
  retries.sort((a, b) => a.from - b.from);
  for (const [index, { from }] of retries.entries()) {
    const before = retries[index - 1]?.to ?? Number.NEGATIVE_INFINITY;
    expect(from).toBeGreaterThan(before + 1);
  }
  expect(retries.length).toBeGreaterThan(0);
});
