/** The process that reads the cases of one target. scripts/fuzz/run.mjs starts and watches it, and ends it when it hangs. */
import { openSync, readFileSync, writeSync } from "node:fs";
import { forget, keep, readCorpus } from "./corpus.js";
import { Coverage } from "./coverage.js";
import { growthOf } from "./growth.js";
import { Loop } from "./loop.js";
import { judge } from "./oracle.js";
import { Random } from "./random.js";
import { targets } from "./targets/index.js";

interface Job {
  readonly target: string;
  readonly task: "fuzz" | "distil";
  readonly seed: number;
  readonly cases: number;
  readonly minutes: number;
  /** Folders whose inputs are read first. */
  readonly corpora: readonly string[];
  /** The folder for inputs that reached new code. */
  readonly news: string;
  /** The folder for inputs with faults. */
  readonly found: string;
  /** The file with the current case: its number and its length as 64-bit integers, and its bytes. */
  readonly caseFile: string;
  /** A JSON list of words that may occur in inputs. */
  readonly dictionary: string;
}

const job = JSON.parse(process.argv[2] ?? "") as Job;
const target = targets.find(({ name }) => name === job.target);
if (!target) throw new Error(`no target ${job.target}`);

const say = (message: object): void => {
  writeSync(1, `${JSON.stringify(message)}\n`);
};

const caseFile = openSync(job.caseFile, "w");
const head = Buffer.alloc(16);
let number = 0n;
function note(input: Uint8Array): void {
  number += 1n;
  head.writeBigUInt64LE(number, 0);
  head.writeBigUInt64LE(BigInt(input.length), 8);
  writeSync(caseFile, Buffer.concat([head, input]), 0, undefined, 0);
}

async function fuzz(): Promise<void> {
  if (!target) return;
  const words = JSON.parse(readFileSync(job.dictionary, "utf8")) as string[];
  const coverage = new Coverage();
  const loop = new Loop(target, new Random(job.seed), coverage, words, {
    starts: note,
    isNew: (input) => keep(job.news, input),
    found: (fault, input) => say({ fault, file: keep(job.found, input, `${target.name}-`) }),
  });
  const began = performance.now();
  await loop.replay(job.corpora.flatMap((folder) => readCorpus(folder)).map(({ bytes }) => bytes));
  const replayed = coverage.branches;
  await loop.run({ cases: job.cases - loop.cases, until: began + 60_000 * job.minutes });
  say({
    done: {
      cases: loop.cases,
      faults: loop.faults,
      inputs: loop.inputs.length,
      branches: [replayed, coverage.branches],
      seconds: (performance.now() - began) / 1000,
      peakMiB: process.resourceUsage().maxRSS / 1024,
      growthBytes: await growthOf(target, loop.inputs, note),
    },
  });
}

/** Of the inputs in all folders, keeps in the first the smallest that together run all the code that all of them run. */
async function distil(): Promise<void> {
  if (!target) return;
  const [kept = "", ...others] = job.corpora;
  const old = readCorpus(kept);
  const inputs = [...old, ...others.flatMap((folder) => readCorpus(folder))];
  const coverage = new Coverage({ onlyBranches: true });
  const chosen = new Set<string>();
  for (const { bytes, file } of inputs.sort((a, b) => a.bytes.length - b.bytes.length)) {
    note(bytes);
    coverage.reset();
    const fault = await judge(target, bytes);
    if ((!fault && coverage.add()) || file.startsWith("found-")) chosen.add(file);
  }
  for (const entry of old) if (!chosen.has(entry.file)) forget(kept, entry);
  for (const { file, bytes } of inputs)
    if (chosen.has(file) && !file.startsWith("found-")) keep(kept, bytes);
  say({
    done: {
      cases: inputs.length,
      inputs: chosen.size,
      branches: [0, coverage.branches],
      faults: 0,
    },
  });
}

await (job.task === "distil" ? distil() : fuzz());
