/**
 * node scripts/fuzz/run.mjs [target …] [--cases N] [--seed S] [--minutes M] [--jobs J] [--distil]
 * Fuzzes the readers of untrusted input. Exit code 1 when it found a fault.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { root } from "../toolchain.mjs";
import { buildFuzzer } from "./build.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "60" },
    jobs: { type: "string", default: "1" },
    distil: { type: "boolean", default: false },
  },
});

const corpus = join(root, "scripts", "fuzz", "corpus");
const work = join(root, "results", "tmp", "fuzz");
const build = join(work, "build");
const found = join(work, "found");
/**
 * The process of a case that takes longer is ended. This is CPU time where the system reports it, so that a busy machine
 * does not look like a hang. Slow cases that end are measured in the process.
 */
const hang = { cpuSeconds: 5, seconds: 120 };
const maxRestarts = 20;

/** The shares of the targets in the cases of a run over all targets. The names are those of src/targets. */
const shares = JSON.parse(readFileSync(join(import.meta.dirname, "shares.json"), "utf8"));

/** The case that a process reads: its number from 1, and its bytes. */
function readCase(file) {
  const content = readFileSync(file);
  if (content.length < 16) return { number: 0, bytes: content };
  const byteLength = Number(content.readBigUInt64LE(8));
  return {
    number: Number(content.readBigUInt64LE(0)),
    bytes: content.subarray(16, 16 + byteLength),
  };
}

/** The CPU time of a process, or 0 where /proc does not report it. */
function cpuSeconds(pid) {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1) ?? "";
    const [user, system] = afterName.split(" ").slice(11, 13).map(Number);
    return (user + system) / 100;
  } catch {
    return 0;
  }
}

/** Runs one process to its end. Resolves with its results and with the reason why it ended. */
function runChild(job) {
  const args = ["--expose-gc", join(build, "child.mjs"), JSON.stringify(job)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const result = { done: undefined, ended: undefined, errors: "", faults: [] };
  child.stderr.on("data", (data) => {
    result.errors = `${result.errors}${data}`.slice(-4000);
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = JSON.parse(line);
    if (message.done) result.done = message.done;
    if (message.fault) {
      result.faults.push(message);
      console.log(
        `${job.target}: ${message.fault.signature}\n  ${message.file}\n  ${message.fault.detail}`,
      );
    }
  });
  let [last, since, cpuSince] = [-1, Date.now(), 0];
  const watch = setInterval(() => {
    if (result.done) return;
    const { number } = readCase(job.caseFile);
    const cpu = cpuSeconds(child.pid);
    if (number !== last) [last, since, cpuSince] = [number, Date.now(), cpu];
    const isHanging = cpu - cpuSince > hang.cpuSeconds || Date.now() - since > 1000 * hang.seconds;
    if (!isHanging) return;
    result.ended = "hang";
    child.kill("SIGKILL");
  }, 1000);
  return new Promise((resolve) => {
    child.on("close", (code) => {
      clearInterval(watch);
      if (code !== 0) result.ended ??= "crash";
      resolve(result);
    });
  });
}

/** Fuzzes one target. A process that hangs or crashes is replaced by a new one with the next seed. */
async function fuzz(target, cases, minutes) {
  const news = join(work, "news", target);
  const caseFile = join(work, `${target}.case`);
  const total = { target, cases: 0, faults: 0, hangs: 0, crashes: 0, seconds: 0 };
  const until = Date.now() + 60_000 * minutes;
  for (let restart = 0; restart <= maxRestarts && total.cases < cases; restart += 1) {
    writeFileSync(caseFile, "");
    const result = await runChild({
      task: values.distil ? "distil" : "fuzz",
      target,
      seed: Number(values.seed) + restart,
      cases: cases - total.cases,
      minutes: (until - Date.now()) / 60_000,
      corpora: [join(corpus, target), news],
      news,
      found,
      caseFile,
      dictionary: join(build, "dictionary.json"),
    });
    total.faults += result.done ? result.done.faults : result.faults.length;
    if (result.ended === undefined) {
      return {
        ...total,
        ...result.done,
        cases: total.cases + result.done.cases,
        faults: total.faults,
      };
    }
    const { number, bytes } = readCase(caseFile);
    total.cases += number;
    total[result.ended === "hang" ? "hangs" : "crashes"] += 1;
    const file = join(found, `${target}-${result.ended}-${number}-${values.seed}-${restart}`);
    writeFileSync(file, bytes);
    console.log(`${target}: ${result.ended}\n  ${file}\n${result.errors}`);
    if (Date.now() > until) break;
  }
  return total;
}

async function main() {
  for (const name of positionals) {
    if (!(name in shares)) throw new Error(`no target ${name}: ${Object.keys(shares).join(", ")}`);
  }
  mkdirSync(found, { recursive: true });
  const { counters, words } = await buildFuzzer(build);
  console.log(`${counters} branches, ${words} words`);
  const names = positionals.length > 0 ? positionals : Object.keys(shares);
  const all = names.reduce((sum, name) => sum + shares[name], 0);
  const waiting = [...names];
  const totals = [];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const part = shares[name] / all;
      const minutes = Number(values.minutes) * Number(values.jobs) * part;
      totals.push(await fuzz(name, Math.ceil(Number(values.cases) * part), minutes));
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  console.table(totals);
  process.exitCode = totals.some(({ faults, hangs, crashes }) => faults + hangs + crashes > 0)
    ? 1
    : 0;
}

await main();
