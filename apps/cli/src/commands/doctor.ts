import { availableParallelism } from "node:os";
import { printable } from "@ripvec/core";
import { Command } from "commander";
import { createColors } from "picocolors";
import { isDriverUnavailable, type KnownDriver, known } from "../drivers.js";
import { CheckFailedError } from "../errors.js";
import { jsonText } from "../formats/json-text.js";
import { type Io, print, wantsColor } from "../io.js";
import { packageVersion } from "../package-version.js";
import { type SelfCheck, selfCheck } from "../self-check.js";

interface DoctorOptions {
  readonly json?: boolean;
}

/** The findings about one driver. */
export interface Diagnosis {
  readonly driver: string;
  readonly available: boolean;
  /** Why it is not available, and what to do. */
  readonly problem?: string;
  readonly facts?: Readonly<Record<string, string>>;
  /** One result for each dtype in which the driver keeps weights. */
  readonly selfChecks?: readonly SelfCheck[];
}

const examples = `
Each driver runs the built-in model over a few texts in every dtype that it keeps weights in, and
compares its vectors with those of sentence-transformers. The exit code is 1 when an available driver
fails that check, or when no driver is available.

Examples:
  ripvec doctor
  ripvec doctor --json
`;

export function doctorCommand(io: Io): Command {
  return new Command("doctor")
    .description("Show which drivers work on this machine, and check their results.")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples)
    .action((options: DoctorOptions) => doctor(io, options));
}

async function doctor(io: Io, options: DoctorOptions): Promise<void> {
  const system = {
    ripvec: packageVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
  };
  const drivers: Diagnosis[] = [];
  for (const driver of known) {
    io.signal.throwIfAborted();
    drivers.push(await diagnose(driver));
  }
  const report = { ...system, drivers };
  if (options.json) await print(io, `${jsonText(report, 2)}\n`);
  else await print(io, render(report, wantsColor(io, io.stdout)));

  const problem = problemOf(drivers);
  if (problem !== undefined) throw new CheckFailedError(problem);
}

/** Why there are no results, or why they are wrong; undefined when the driver works. */
export function problemOf(drivers: readonly Diagnosis[]): string | undefined {
  const failed = drivers.flatMap(({ driver, selfChecks = [] }) => {
    const dtypes = selfChecks.filter(({ passed }) => !passed).map(({ dtype }) => dtype);
    return dtypes.length > 0 ? [`${driver} in ${dtypes.join(", ")}`] : [];
  });
  if (failed.length > 0) {
    return `the self-check failed on ${failed.join("; ")}: these vectors cannot be trusted`;
  }
  return drivers.some(({ available }) => available) ? undefined : "no driver is available";
}

/** The conclusion of the whole report. `auto` takes the first available driver. */
function lastLine(drivers: readonly Diagnosis[]): string {
  const problem = problemOf(drivers);
  if (problem !== undefined) return `Not well: ${problem}.`;
  return `All well: --driver auto takes ${drivers.find(({ available }) => available)?.driver}.`;
}

async function diagnose(known: KnownDriver): Promise<Diagnosis> {
  const { name } = known;
  try {
    const driver = await known.open({});
    await driver.close();
    const { device, dtypes, weightDtypes } = driver.capabilities;
    const own = Object.fromEntries(await known.facts());
    const facts = {
      device,
      ...own,
      "computes in": [...dtypes].join(", "),
      "keeps weights in": [...weightDtypes].join(", "),
    };
    return {
      driver: name,
      available: true,
      facts,
      selfChecks: await selfCheck(() => known.open({}), weightDtypes),
    };
  } catch (error) {
    if (!isDriverUnavailable(error)) throw error;
    return { driver: name, available: false, problem: error.message };
  }
}

interface Report {
  readonly ripvec: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly drivers: readonly Diagnosis[];
}

function render({ ripvec, node, platform, cores, drivers }: Report, color: boolean): string {
  const colors = createColors(color);
  const lines = [`ripvec ${ripvec}, Node ${node}, ${platform}, ${cores} cores`];
  const fact = (name: string, value: string): string => `  ${name.padEnd(18)}${value}`;
  for (const { driver, available, problem, facts, selfChecks = [] } of drivers) {
    const state = available ? colors.green("available") : colors.red("not available");
    lines.push("", `${colors.bold(driver)}  ${state}`);
    if (problem) lines.push(`  ${problem}`);
    for (const [name, value] of Object.entries(facts ?? {})) {
      lines.push(fact(name, printable(value)));
    }
    for (const check of selfChecks) {
      lines.push(fact(`self-check ${check.dtype}`, verdict(check, colors)));
    }
  }
  lines.push("", lastLine(drivers));
  return `${lines.join("\n")}\n`;
}

function verdict(check: SelfCheck, colors: ReturnType<typeof createColors>): string {
  const word = check.passed ? colors.green("passed") : colors.red("FAILED");
  const [difference, angle] = [check.maxDifference, check.maxAngle].map((x) => x.toExponential(1));
  const than = check.dtype === "i8" ? " from the same weights in f32 arithmetic" : "";
  return `${word} (${check.texts} texts, largest difference ${difference}, 1 − cos ${angle}${than})`;
}
