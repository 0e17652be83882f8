import type { ActivationDType, WeightDType } from "@ripvec/core";
import type { OpName } from "@ripvec/core/driver";
import type { LargestError } from "./check-region.js";

/** The result of one op on one driver, over all cases of a dtype. */
export interface OpResult extends LargestError {
  readonly op: OpName;
  readonly dtype: ActivationDType;
  /** The dtype that matrices were kept in. */
  readonly weights: WeightDType;
  /** Whether the driver's own kernel or core's composed default computed the op. */
  readonly by: "kernel" | "composed";
  readonly cases: number;
}

/** Collects the largest errors of a run of the kit. */
export class ErrorBook {
  readonly #results = new Map<string, OpResult>();

  add(
    op: OpName,
    dtype: ActivationDType,
    by: OpResult["by"],
    found: LargestError,
    weights: WeightDType = "f32",
  ): void {
    const key = `${op}/${dtype}/${weights}`;
    const known = this.#results.get(key);
    this.#results.set(key, {
      op,
      dtype,
      weights,
      by,
      cases: (known?.cases ?? 0) + 1,
      error: Math.max(known?.error ?? 0, found.error),
      partOfTolerance: Math.max(known?.partOfTolerance ?? 0, found.partOfTolerance),
    });
  }

  get results(): readonly OpResult[] {
    return [...this.#results.values()];
  }
}
