import { availableParallelism } from "node:os";
import { printable } from "@ripvec/core";
import { Command } from "commander";
import { createColors } from "picocolors";
import { driverFacts } from "../driver-facts.js";
import { findDriver, isDriverUnavailable } from "../embedder/find-driver.js";
import { CheckFailedError } from "../errors.js";
import { jsonText } from "../formats/json-text.js";
import { type Io, print, wantsColor } from "../io.js";
import { driverHelp, notEmpty } from "../options.js";
import { packageVersion } from "../package-version.js";
import { type SelfCheck, selfCheck } from "../self-check.js";
import { platformOf } from "../session.js";

interface DoctorOptions {
  readonly driver: string;
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
Checks the drivers that --driver auto tries, or the one that --driver names. Each runs the built-in
model over a few texts in every dtype that it keeps weights in, and compares its vectors with those of
sentence-transformers. The exit code is 1 when an available driver fails that check, or when no driver
is available.

Examples:
  ripvec doctor
  ripvec doctor --driver webgpu
  ripvec doctor --json
`;

export function doctorCommand(io: Io): Command {
  return new Command("doctor")
    .description("Show which drivers work on this machine, and check their results.")
    .option("--driver <name>", driverHelp, notEmpty, "auto")
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
  for (const name of driversOf(options, io)) {
    io.signal.throwIfAborted();
    drivers.push(await diagnose(name, io));
  }
  if (options.json) await print(io, `${jsonText({ ...system, drivers }, 2)}\n`);
  else {
    const report = { ...system, drivers, isAutomatic: options.driver === "auto" };
    await print(io, render(report, wantsColor(io, io.stdout)));
  }

  const problem = problemOf(drivers);
  if (problem !== undefined) throw new CheckFailedError(problem);
}

/** The names of the drivers to check. */
function driversOf({ driver }: DoctorOptions, io: Io): string[] {
  if (driver !== "auto") return [driver];
  const automatic = platformOf(io).drivers.filter(({ isAutomatic }) => isAutomatic);
  return automatic.map(({ name }) => name);
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
function lastLine({ drivers, isAutomatic }: Report): string {
  const problem = problemOf(drivers);
  if (problem !== undefined) return `Not well: ${problem}.`;
  if (!isAutomatic) return "All well.";
  return `All well: --driver auto takes ${drivers.find(({ available }) => available)?.driver}.`;
}

async function diagnose(name: string, io: Io): Promise<Diagnosis> {
  const open = await findDriver(name, {}, platformOf(io));
  try {
    const driver = await open();
    await driver.close();
    const { device, dtypes, weightDtypes } = driver.capabilities;
    const own = Object.fromEntries(await driverFacts(name));
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
      selfChecks: await selfCheck(open, weightDtypes),
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
  /** Whether these are the drivers that `auto` tries. */
  readonly isAutomatic: boolean;
}

function render(report: Report, color: boolean): string {
  const { ripvec, node, platform, cores, drivers } = report;
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
  lines.push("", lastLine(report));
  return `${lines.join("\n")}\n`;
}

function verdict(check: SelfCheck, colors: ReturnType<typeof createColors>): string {
  const word = check.passed ? colors.green("passed") : colors.red("FAILED");
  const [difference, angle] = [check.maxDifference, check.maxAngle].map((x) => x.toExponential(1));
  const than = check.dtype === "i8" ? " from the same weights in f32 arithmetic" : "";
  return `${word} (${check.texts} texts, largest difference ${difference}, 1 − cos ${angle}${than})`;
}
