import { ModelFileError } from "@ripvec/core";
import { shown } from "../fields.js";

/**
 * Steps that the searches of one text may take together: half as many as Oniguruma lets one match go back by default,
 * and so many for each UTF-16 unit. A pattern takes a few steps for each unit and part that can begin there.
 */
const freeSteps = 5_000_000;
const stepsPerUnit = 100;

export function stepLimit(length: number): number {
  return freeSteps + stepsPerUnit * length;
}

/** The error of a pattern that takes more work in a text than it may; `besides` is another limit that was reached. */
export function tooMuchWork(source: string, length: number, besides = ""): ModelFileError {
  return new ModelFileError(
    `the pattern ${shown(source)} takes too much work in a text of ${length} characters: more than ${stepLimit(length)} steps${besides}`,
  );
}
