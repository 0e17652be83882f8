import type { ModelSpec } from "@ripvec/driver-testkit";
import type { EngineSpec } from "../engines/engine.js";
import { type Load, loadByName } from "../loads.js";
import type { Rounds } from "../measures/rounds.js";
import { bertTiny, bgeSmall } from "../model/specs.js";
import { engines } from "./engines.js";

/** BERTs by the name that `--model` accepts. */
export const models: Readonly<Record<string, ModelSpec>> = {
  "bge-small": bgeSmall,
  "bert-tiny": bertTiny,
};

/** Software adapters run an eighth of the texts. */
const eighths = [eighth("C"), eighth("E")];
export const loads: readonly Load[] = [
  ...["A", "B", "C", "D", "E", "E-sorted"].map(loadByName),
  ...eighths,
];

/** A load and the model that runs it. */
export interface Part {
  readonly load: Load;
  readonly model: string;
}

/**
 * On GPUs the loads of the CPU benchmark; on software adapters loads that take seconds, not
 * minutes.
 */
export function defaultParts(isSoftware: boolean): readonly Part[] {
  const on = (model: string, ...names: readonly string[]) =>
    names.map((name) => ({ load: loadOf(name), model }));
  return isSoftware
    ? [...on("bge-small", "A", "B"), ...on("bert-tiny", "C/8", "E/8")]
    : on("bge-small", "A", "B", "C", "E", "E-sorted");
}

/** On software adapters the peer's f16 takes minutes to compile. */
export function defaultEngines(isSoftware: boolean): readonly EngineSpec[] {
  return engines.filter(({ side, dtype }) => !isSoftware || side === "ours" || dtype === "f32");
}

/** Throws Error for an unknown name. */
export function loadOf(name: string): Load {
  const load = loads.find((each) => each.name === name);
  if (load) return load;
  throw new Error(`no load ${name}: expected one of ${loads.map((each) => each.name).join(", ")}`);
}

export function roundsOf(isSoftware: boolean, count: number | undefined): Rounds {
  const rest = { maxMs: 60_000, repeatMs: 200, restMs: 20 };
  return isSoftware
    ? { ...rest, count: count ?? 3, minCount: 1 }
    : { ...rest, count: count ?? 7, minCount: 3 };
}

function eighth(name: string): Load {
  const { lengths, ...load } = loadByName(name);
  const few = lengths.slice(0, lengths.length / 8);
  return {
    ...load,
    name: `${name}/8`,
    what: `the first ${few.length} texts of ${name}`,
    lengths: few,
  };
}
