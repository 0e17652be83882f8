import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { main } from "../src/cli.js";
import { InterruptedError } from "../src/errors.js";
import { fakeIo } from "./support/fake-io.js";
import { tempFolder } from "./support/temp-folder.js";

const run = async (argv: readonly string[], io = fakeIo()) => {
  const code = await main(argv, io);
  return { code, out: io.out(), err: io.err() };
};

test.each([
  [["--help"], /Usage: ripvec/],
  [["help", "search"], /Usage: ripvec search.*Examples:/s],
  [["embed", "--help"], /Usage: ripvec embed.*--overflow.*Examples:/s],
  [["search", "-h"], /-n, --count.*Examples:/s],
  [["doctor", "-h"], /exit code is 1.*Examples:/s],
  [["bench", "-h"], /--lengths.*Examples:/s],
  [["--version"], /^ripvec \d+\.\d+\.\d+\n$/],
])("%j prints to standard output and succeeds", async (argv, expected) => {
  const { code, out, err } = await run(argv);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(expected);
});

test.each([
  [[], /Usage: ripvec/],
  [["serch", "x"], /unknown command 'serch'.*Did you mean search/s],
  [
    ["embed", "a", "--driver", "cudo"],
    /^error: --driver cudo: unsupported driver "cudo"; supported: auto, cpu, webgpu\. Other drivers are named by their npm package.*\n$/,
  ],
  [["embed", "a", "--driver", ""], /--driver <name>' argument '' is invalid. It is empty/],
  [
    ["embed", "a", "--driver", "ripvec-driver-x"],
    /^error: --driver ripvec-driver-x: .*npm install ripvec-driver-x\n$/,
  ],
  [["search", "a", "--arch", "bart"], /^error: --arch bart: .*supported: classic-bert\. /],
  [["embed", "a", "--dtype", "q4"], /^error: --dtype q4: must be f32, f16, bf16 or i8\n$/],
  [["embed", "a", "--format", "csv"], /--format csv: must be jsonl, json or npy/],
  [["embed", "a", "--overflow", "x"], /--overflow x: must be truncate or error/],
  [["embed", "a", "--threads", "0"], /--threads <n>' argument '0' is invalid.*whole number/],
  [["embed", "a", "--max-tokens", "1e3"], /whole number/],
  [["embed", "a", "--threads", "-1"], /whole number/],
  [["embed", "a", "--threads", "NaN"], /whole number/],
  [["search", "a", "-n", "0"], /whole number/],
  [["embed", "a", "--model", ""], /--model <dir-or-id>' argument '' is invalid. It is empty/],
  [["embed", "a", "--model", "m", "--revision", ""], /--revision <name>' argument '' is invalid/],
  [["embed", "--file", ""], /--file <path>' argument '' is invalid. It is empty/],
  [["embed", "--file", "a", "-f", "b"], /argument 'b' is invalid. It can be given only once/],
  [["embed", "a", "--file", "b"], /^error: give texts or --file, not both\n$/],
  [["search"], /missing required argument 'query'/],
  [["search", " "], /^error: the query is empty\n$/],
  [["embed", "a", "--prompt", "qeury"], /the model has no prompt named "qeury" \(it has none\)/],
])("%j is a usage error", async (argv, expected) => {
  const { code, out, err } = await run(argv);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(expected);
  expect(err).not.toContain("    at ");
});

test("embedding from a terminal and binary output to one are usage errors", async () => {
  const nothing = await run(["embed"], fakeIo({ terminals: ["stdin"] }));
  expect(nothing).toMatchObject({ code: 2, err: expect.stringContaining("nothing to embed") });
  const binary = await run(["embed", "a", "--format", "npy"], fakeIo({ terminals: ["stdout"] }));
  expect(binary).toMatchObject({ code: 2, err: expect.stringContaining("npy is binary") });
});

test.each([
  [["embed", "--file", "nowhere.txt"], /^error: no such file: .*nowhere\.txt\n$/],
  [
    ["embed", "--file", "."],
    /^error: .* is a directory; --file takes a file with one text per line\n$/,
  ],
  [["search", "x", "./nowhere"], /^error: no such file or directory: \.\/nowhere\n$/],
  [["search", "two words", "nowhere"], /^error: no such file or directory: nowhere\n$/],
  [["search", "x", ".", "nowhere"], /^error: no such file or directory: nowhere\n$/],
  [
    ["search", "where", "is", "retry", "."],
    /^error: no such file or directory: is \(a query of several words needs quotes\)\n$/,
  ],
  [["search", "x", "."], /^error: there is no text to search in the current folder\n$/],
  [["search", "x", ""], /^error: a path is empty\n$/],
  [
    ["embed", "a", "--max-tokens", "1"],
    /error: maxTokens must be a whole number of at least 2, got 1\n$/,
  ],
  [["embed", "a", "--model", "./nowhere"], /^error: .*nowhere.*\n$/],
])("%j fails with a one-line message", async (argv, expected) => {
  const { code, out, err } = await run(argv, fakeIo({ cwd: tempFolder() }));
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(expected);
});

test("--debug adds the stack", async () => {
  const { err } = await run(["search", "x", "nowhere", "--debug"]);
  expect(err).toMatch(/^\[INPUT\] InputError: no such file.*\n {4}at .*caused by: Error: ENOENT/s);
});

test("an interrupted invocation says so and exits with 130", async () => {
  const controller = new AbortController();
  const cwd = tempFolder({ "a.txt": "text" });
  const io = fakeIo({ cwd, signal: controller.signal });
  controller.abort(new InterruptedError());
  expect(await run(["search", "x"], io)).toEqual({ code: 130, out: "", err: "interrupted\n" });
});

test("a folder without text is a failure that names it", async () => {
  const cwd = tempFolder();
  mkdirSync(join(cwd, "empty"));
  const { code, err } = await run(["search", "x", "empty"], fakeIo({ cwd }));
  expect({ code, err }).toEqual({ code: 1, err: "error: there is no text to search in empty\n" });
});
