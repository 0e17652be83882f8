import type { ActivationDType, Driver } from "@ripvec/core";
import { type OpName, opNames, opSpecs } from "@ripvec/core/driver";
import type { CaseTable, OpCase } from "../cases/case.js";
import { caseTables } from "../generated/case-tables.js";
import type { ErrorBook } from "../run/error-book.js";
import { dtypesOf, runCase } from "../run/run-case.js";
import { needsF16, type SuiteTest } from "./suite.js";

/** Tests of every op on its cases, with f32 and with f16 activations. */
export function opSuite(book: ErrorBook): SuiteTest[] {
  return opNames.flatMap((op) => [opTest(op, "f32", book), opTest(op, "f16", book)]);
}

/** Ops whose arguments name their dtypes. They are tested once, with f32. */
const dtypeOps: ReadonlySet<OpName> = new Set(["convert", "copy", "build_attn_mask"]);

function opTest(op: OpName, activations: ActivationDType, book: ErrorBook): SuiteTest {
  return {
    name: `op ${op}, ${activations}`,
    lacks(driver) {
      if (opSpecs[op].isOptional && !driver.kernelNames.has(op))
        return `lacks the optional op ${op}`;
      if (activations === "f32") return undefined;
      return dtypeOps.has(op) ? "has no activations: see f32" : needsF16(driver);
    },
    run: (driver) => runTable(driver, op, activations, book),
  };
}

async function runTable<K extends OpName>(
  driver: Driver,
  op: K,
  activations: ActivationDType,
  book: ErrorBook,
): Promise<void> {
  const table = caseTables[op] as CaseTable<K>;
  const by = driver.kernelNames.has(op) ? "kernel" : "composed";
  for (const opCase of table.cases) {
    if (!takes(driver, op, opCase, activations)) continue;
    book.add(op, activations, by, await runCase(driver, op, table, opCase, activations));
  }
}

function takes<K extends OpName>(
  driver: Driver,
  op: K,
  opCase: OpCase<K>,
  activations: ActivationDType,
): boolean {
  if (activations === "f16") return !opCase.f32Only;
  const { storageDtypes } = driver.capabilities;
  return !dtypeOps.has(op) || dtypesOf(op, opCase).every((dtype) => storageDtypes.has(dtype));
}
