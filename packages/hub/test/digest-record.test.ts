import { createHash } from "node:crypto";
import { readFile, rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DigestRecord } from "../src/node/remote/digest-record.js";
import { tempDir } from "./temp-dir.js";

const sha256 = (body: string) => createHash("sha256").update(body).digest("hex");
const body = "the bytes of a file";
const expected = { byteLength: body.length, algorithm: "sha256", digest: sha256(body) } as const;

/** A time that can be restored to the nanosecond. */
const wholeSeconds = 1_700_000_000;

async function setUp() {
  const directory = await tempDir();
  const recordPath = join(directory, "verified.json");
  const path = join(directory, "file");
  await writeFile(path, body);
  await utimes(path, wholeSeconds, wholeSeconds);
  const load = (trusted = true) => DigestRecord.load(recordPath, { trusted, signal: undefined });
  return { recordPath, path, load };
}

test("a file that was read is not read again while it looks the same", async () => {
  const { recordPath, path, load } = await setUp();
  const first = await load();
  expect(await first.fault(path, expected)).toBeUndefined();
  await first.save();
  // A record for other contents shows whether the record was used.
  const text = await readFile(recordPath, "utf8");
  await writeFile(recordPath, text.replace(expected.digest, "0".repeat(64)));
  expect(await (await load()).fault(path, expected)).toMatchObject({ absent: false });
  expect(await (await load(false)).fault(path, expected)).toBeUndefined();
});

test.each<[string, (path: string) => Promise<void>]>([
  ["written in place", async (path) => writeFile(path, "\0".repeat(body.length))],
  [
    "written in place and given its old times",
    async (path) => {
      await writeFile(path, "\0".repeat(body.length));
      await utimes(path, wholeSeconds, wholeSeconds);
    },
  ],
  [
    "replaced",
    async (path) => {
      await writeFile(`${path}.new`, "\0".repeat(body.length));
      await rename(`${path}.new`, path);
    },
  ],
  ["longer", async (path) => writeFile(path, `${body}.`)],
])("a file that has been %s since is detected", async (_, change) => {
  const { path, load } = await setUp();
  const first = await load();
  expect(await first.fault(path, expected)).toBeUndefined();
  await first.save();
  // Waits longer than the resolution of the file system's clock.
  await new Promise((done) => setTimeout(done, 50));
  await change(path);
  expect(await (await load()).fault(path, expected)).toMatchObject({ absent: false });
});

test.each(["", "[]", "null", '{"a":1}', "{", '{"__proto__":"x"}'])(
  "a record that holds %j is ignored",
  async (text) => {
    const { recordPath, path, load } = await setUp();
    await writeFile(recordPath, text);
    const record = await load();
    expect(await record.fault(path, expected)).toBeUndefined();
    await record.save();
    expect(await readFile(recordPath, "utf8")).toContain(expected.digest);
  },
);

test("the reason is reported", async () => {
  const { path, load } = await setUp();
  const record = await load();
  const other = { ...expected, digest: "1".repeat(64) };
  expect((await record.fault(path, other))?.reason).toContain(`${expected.digest} instead of 111`);
  expect((await record.fault(path, { ...expected, byteLength: 1 }))?.reason).toMatch(/19 bytes/);
  expect(await record.fault(`${path}.none`, expected)).toMatchObject({ absent: true });
  expect((await record.fault(join(path, ".."), expected))?.reason).toMatch(/not a file/);
});

test("an abort ends the reading", async () => {
  const { recordPath, path } = await setUp();
  const signal = AbortSignal.abort(new Error("enough"));
  const record = await DigestRecord.load(recordPath, { trusted: true, signal });
  await expect(record.fault(path, expected)).rejects.toThrow("enough");
});
