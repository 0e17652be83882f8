import { ModelFileError } from "@ripvec/core";
import { shown } from "../fields.js";

/**
 * The steps that all searches in one text may take: half the number of backtracking steps that
 * Oniguruma allows one match by default, and a number for each UTF-16 unit. A pattern takes a few
 * steps for each unit and each part that can begin there.
 */
const freeSteps = 5_000_000;
const stepsPerUnit = 100;

export function stepLimit(length: number): number {
  return freeSteps + stepsPerUnit * length;
}

/**
 * The error of a pattern that exceeds its work limit in a text; `besides` names another limit that
 * was exceeded.
 */
export function tooMuchWork(source: string, length: number, besides = ""): ModelFileError {
  return new ModelFileError(
    `the pattern ${shown(source)} takes too much work in a text of ${length} characters: more than ${stepLimit(length)} steps${besides}`,
  );
}
