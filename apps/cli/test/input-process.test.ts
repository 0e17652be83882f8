import { execFileSync, spawn } from "node:child_process";
import { closeSync, cpSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { bundledCli, type RunningCli } from "./support/child.js";
import { isPosix, makePipe } from "./support/special-files.js";
import { tempFolder } from "./support/temp-folder.js";
import { testModel } from "./support/test-model.js";

let start: Awaited<ReturnType<typeof bundledCli>>;
beforeAll(async () => {
  start = await bundledCli("input-process-test");
});

/** By then signals are handled, the model is open, and the pipe is being opened. */
async function opened(cli: RunningCli): Promise<void> {
  await cli.warns(/has no modules\.json/);
  await new Promise((resolve) => setTimeout(resolve, 500));
}

describe.skipIf(!isPosix)("a pipe without a writer", () => {
  const commands = [
    ["embed", "--file", "pipe", "--model", "model"],
    ["search", "words", "pipe", "--model", "model"],
  ];

  test.each(commands)("%s %s: Ctrl-C ends the process in order", async (...argv) => {
    const cli = await waiting(argv);
    cli.child.kill("SIGINT");
    expect(await cli.ended()).toBe(130);
    expect(cli.err).toMatch(/\ninterrupted\n$/);
  });

  test.each(commands)("%s %s: SIGTERM ends the process", async (...argv) => {
    const cli = await waiting(argv);
    cli.child.kill("SIGTERM");
    expect(await cli.ended()).toBe(143);
  });

  test.each(commands)(
    "%s %s: the end of the terminal ends the process in order",
    async (...argv) => {
      const cli = await waiting(argv);
      cli.child.kill("SIGHUP");
      expect(await cli.ended()).toBe("SIGHUP");
      expect(cli.err).toMatch(/\ninterrupted\n$/);
    },
  );

  test("a writer that opens it without writing changes nothing", async () => {
    const cwd = folderWithPipe();
    const cli = start({ argv: ["embed", "--file", "pipe", "--model", "model"], cwd });
    const writer = spawn("sh", ["-c", "exec sleep 100 > pipe"], { cwd });
    await opened(cli);
    cli.child.kill("SIGINT");
    expect(await cli.ended()).toBe(130);
    writer.kill();
  });

  async function waiting(argv: readonly string[]): Promise<RunningCli> {
    const cli = start({ argv, cwd: folderWithPipe() });
    await opened(cli);
    expect(cli.child.exitCode).toBeNull();
    return cli;
  }
});

/** A model for which a note is printed as soon as it is open. */
function folderWithPipe(): string {
  const cwd = tempFolder();
  cpSync(testModel, join(cwd, "model"), { recursive: true });
  rmSync(join(cwd, "model", "modules.json"));
  makePipe(join(cwd, "pipe"));
  return cwd;
}

describe.skipIf(!isPosix)("pipes with a writer", () => {
  test("embed reads lines from a named pipe, whenever the writer comes", async () => {
    const cwd = folderWithPipe();
    const cli = start({ argv: ["embed", "--file", "pipe", "--model", "model"], cwd });
    await opened(cli);
    execFileSync("sh", ["-c", "printf 'one\\ntwo\\n' > pipe"], { cwd });
    expect(await cli.ended()).toBe(0);
    expect(textsOf(cli)).toEqual(["one", "two"]);
  });

  test("search reads passages from a named pipe", async () => {
    const cwd = folderWithPipe();
    const cli = start({ argv: ["search", "potato", "pipe", "--json"], cwd });
    execFileSync("sh", ["-c", "printf 'potato soup\\n' > pipe"], { cwd });
    expect(await cli.ended()).toBe(0);
    expect(JSON.parse(cli.out)).toMatchObject({ hits: [{ path: "pipe", text: "potato soup" }] });
  });

  test.each(["/dev/stdin", "/dev/fd/0"])("%s, of a process that Node started", async (file) => {
    const cli = start({ argv: ["embed", "--file", file] });
    cli.child.stdin?.end("one\ntwo\n");
    expect(await cli.ended()).toBe(0);
    expect(textsOf(cli)).toEqual(["one", "two"]);
  });

  test("a pipe that the shell passes on, as <(…) does", async () => {
    const cwd = folderWithPipe();
    const script = 'printf "one\\ntwo\\n" | { exec 3<&0 </dev/null; exec "$0" "$@"; }';
    const cli = start({ argv: ["embed", "--file", "/dev/fd/3"], cwd, shell: script });
    expect(await cli.ended()).toBe(0);
    expect(textsOf(cli)).toEqual(["one", "two"]);
  });
});

test.runIf(process.platform === "linux")(
  "the command ends by itself, whichever of Node's own descriptors it reads",
  async () => {
    const files = Array.from({ length: 20 }, (_, i) => `/dev/fd/${i + 3}`);
    const runs = files.map(async (file) => {
      const cli = start({ argv: ["embed", "--file", file] });
      const code = await cli.ended();
      expect(cli.out, file).toBe("");
      return code;
    });
    // Depending on the descriptor, it is /dev/null.
    expect(new Set(await Promise.all(runs))).toContain(1);
  },
);

function textsOf(cli: RunningCli): string[] {
  const rows = cli.out.split("\n").filter(Boolean);
  return rows.map((row) => (JSON.parse(row) as { text: string }).text);
}

describe.skipIf(!isPosix)("the kind of standard input", () => {
  test.each(["jsonl", "json", "npy"])("a directory is an error, as %s", async (format) => {
    const folder = openSync(tempFolder({ "a.txt": "a" }), "r");
    const cli = start({
      argv: ["embed", "--format", format],
      stdio: [folder, "pipe", "pipe"],
    });
    closeSync(folder);
    expect(await cli.ended()).toBe(1);
    expect(cli.out).toBe("");
    expect(cli.err).toBe("error: standard input is a directory; embed reads one text per line\n");
  });

  test("a file open for writing only is an error", async () => {
    const file = openSync(join(tempFolder(), "a"), "w");
    const cli = start({ argv: ["embed"], stdio: [file, "pipe", "pipe"] });
    closeSync(file);
    expect(await cli.ended()).toBe(1);
    expect(cli.err).toMatch(/^error: standard input cannot be read: it is not open for reading\n$/);
  });

  test("an empty input gives a note", async () => {
    const cli = start({ argv: ["embed"], stdio: ["ignore", "pipe", "pipe"] });
    expect(await cli.ended()).toBe(0);
    expect(cli.out).toBe("");
    expect(cli.err).toMatch(/^note: standard input has no lines\n$/);
  });
});

describe.skipIf(process.platform !== "linux")("output that cannot be written", () => {
  test("a full disk is an error", async () => {
    const full = openSync("/dev/full", "w");
    const cli = start({ argv: ["embed", "hello"], stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    expect(await cli.ended()).toBe(1);
    expect(cli.err).toMatch(
      /^error: standard output cannot be written: no space is left on the device\n$/,
    );
  });

  test("a file open for reading only is an error", async () => {
    const file = openSync(join(tempFolder({ a: "" }), "a"), "r");
    const cli = start({ argv: ["embed", "hello"], stdio: ["ignore", file, "pipe"] });
    closeSync(file);
    expect(await cli.ended()).toBe(1);
    expect(cli.err).toMatch(
      /^error: standard output cannot be written: it is not open for writing\n$/,
    );
  });
});

describe.skipIf(process.platform !== "linux")("devices", () => {
  test.each(["/dev/zero", "/dev/urandom"])("%s ends in an error", async (file) => {
    const cli = start({ argv: ["embed", "--file", file] });
    expect(await cli.ended()).toBe(1);
    expect(cli.err).toMatch(
      /^error: \/dev\/\w+, line \d+(: byte|: U\+0000| is longer than 16 MiB)/,
    );
  });

  test("/dev/null has no texts", async () => {
    const cli = start({ argv: ["embed", "--file", "/dev/null"] });
    expect(await cli.ended()).toBe(0);
    expect(cli.err).toMatch(/^note: \/dev\/null has no lines\n$/);
  });

  test("a file that fails while being read is named", async () => {
    const cli = start({ argv: ["embed", "--file", "/proc/self/mem"] });
    expect(await cli.ended()).toBe(1);
    expect(cli.err).toMatch(
      /^error: \/proc\/self\/mem cannot be read: the system reports an input or output error\n$/,
    );
  });
});
