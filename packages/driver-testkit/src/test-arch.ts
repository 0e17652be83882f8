import type { Driver, ModelArch } from "@ripvec/core";
import { exactTests, roundingTests, variantTests } from "./arch/agreement-tests.js";
import type { ArchModel } from "./arch/arch-model.js";
import { batchTests } from "./arch/batch-tests.js";
import type { PlainForward } from "./arch/expected-vector.js";
import { modelTests } from "./arch/model-tests.js";
import { refusalTests, refusedTests } from "./arch/refusal-tests.js";
import { type ArchTest, refusalOf, type Subject } from "./arch/subject.js";
import { referenceDriver } from "./reference/reference-driver.js";
import { defaultTimeoutMs } from "./run/run-test.js";
import { bodyFor, skipRunning } from "./run/runner-context.js";
import type { CreateDriver } from "./suites/suite.js";
import { templateDriver } from "./template/template-driver.js";
import type { TestDriverOptions } from "./test-driver.js";

export interface TestArchOptions extends Pick<TestDriverOptions, "test" | "skip">, PlainForward {
  readonly arch: ModelArch;
  /** Small random models of every kind that the architecture loads. */
  readonly models: readonly ArchModel[];
  /** Creates a further driver to test on, such as a native one. Default: only the drivers of this kit. */
  readonly createDriver?: CreateDriver;
}

/**
 * Registers the tests of an architecture: its vectors against a definition in f64, batches, dtypes, options, limits, and
 * what it refuses. The error of a failing test says what differs, where, and by how much. A test that does not apply is
 * skipped while it runs; jest, bun:test and Deno.test cannot do so, and need the option `skip`.
 */
export function testArch(options: TestArchOptions): void {
  const { test, skip, arch, models, createDriver } = options;
  const drivers = new Map<string, CreateDriver>([
    ["template", () => templateDriver({ f16: true })],
  ]);
  if (createDriver) drivers.set("given driver", createDriver);
  for (const model of models) {
    const subject = { arch, model, definition: options };
    const register = (where: string, tests: readonly ArchTest[], create: CreateDriver) => {
      for (const archTest of tests) {
        const name = `${model.name}${where}: ${archTest.name}`;
        const run = async (contexts: readonly unknown[]) => {
          const reason = await runArchTest(archTest, subject, create);
          if (reason === undefined) return;
          skipRunning({ name, contexts, skip }, reason, "pass the option skip to testArch");
        };
        test(name, bodyFor(run, defaultTimeoutMs), defaultTimeoutMs);
      }
    };
    register("", testsOf(model), referenceDriver);
    for (const [name, create] of drivers) register(` on ${name}`, driverTests, create);
  }
}

/** The tests that need no particular driver. They run where everything is computed in f64. */
function testsOf({ variants = [], refused = [] }: ArchModel): readonly ArchTest[] {
  return [
    ...exactTests,
    ...variantTests(variants),
    ...modelTests,
    ...refusalTests,
    ...refusedTests(refused),
  ];
}

const driverTests: readonly ArchTest[] = [...roundingTests, ...batchTests];

/** Runs a test on a new driver. Resolves with the reason when the model or the driver lacks what the test needs. */
async function runArchTest(
  { lacks, run }: ArchTest,
  subject: Subject,
  createDriver: CreateDriver,
): Promise<string | undefined> {
  const driver = await createDriver();
  try {
    const reason = (await missingOp(subject, driver)) ?? (await lacks?.(subject, driver));
    if (reason === undefined) await run(subject, driver);
    return reason;
  } finally {
    await driver.close();
  }
}

/** A driver may lack an optional op that the model needs. Other refusals of the model are a test's to report. */
async function missingOp(subject: Subject, driver: Driver): Promise<string | undefined> {
  const refusal = await refusalOf(subject, driver);
  return refusal?.includes(`op of driver ${driver.name}`) ? refusal : undefined;
}
