import { createHash } from "node:crypto";
import { classicBert } from "@ripvec/arch-classic-bert";
import {
  type EmbedBackend,
  type Encoding,
  GenericBackend,
  isRipvecError,
  type ModelFileError,
  type WeightDType,
} from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { openModel } from "@ripvec/hub";
import { interruptedDriver } from "./steps.js";

/** The result of one operation on a model: its value, or the error. */
export type Outcome = { readonly value: string } | { readonly error: string };

export interface Life {
  /** SHA-256 of the vectors of passes; the last ones are a clone's. */
  readonly passes: readonly Outcome[];
  readonly fingerprint: Outcome;
}

const encodings: readonly Encoding[] = [
  [2, 7, 9, 3],
  [2, 39, 11, 12, 7, 3],
  [2, 3],
].map((ids) => ({
  inputIds: Int32Array.from(ids),
}));

interface LifeOptions {
  /** Number of passes before the fingerprint; default 2. */
  readonly passes?: number;
  /** Called between all operations. */
  readonly between?: () => void;
}

/** Opens a model, runs passes, computes the fingerprint, and runs a pass of a clone. */
export async function live(
  directory: string,
  dtype: WeightDType,
  { passes: count = 2, between = () => {} }: LifeOptions = {},
): Promise<Life> {
  let backend: GenericBackend;
  try {
    const model = await openModel(directory, { arch: classicBert });
    between();
    const driver = interruptedDriver(await cpu({ threads: 2 }));
    backend = await GenericBackend.create({ driver, arch: classicBert, model, dtype });
  } catch (error) {
    const outcome = { error: described(error, directory) };
    return { passes: [outcome], fingerprint: outcome };
  }
  const clone = backend.clone();
  try {
    const passes: Outcome[] = [];
    for (let i = 0; i < count; i++) {
      between();
      passes.push(await outcomeOf(() => vectors(backend), directory));
    }
    between();
    const fingerprint = await outcomeOf(() => backend.fingerprint(), directory);
    between();
    passes.push(await outcomeOf(() => vectors(clone), directory));
    return { passes, fingerprint };
  } finally {
    await clone.close();
    await backend.close();
  }
}

async function vectors(backend: EmbedBackend): Promise<string> {
  const hash = createHash("sha256");
  for (const vector of await backend.embedBatch(encodings)) hash.update(vector);
  return hash.digest("hex");
}

async function outcomeOf(ask: () => Promise<string>, directory: string): Promise<Outcome> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { error: described(error, directory) };
  }
}

/**
 * "" for an error about the weights that names their file; a description of the problem for
 * anything else.
 */
function described(error: unknown, directory: string): string {
  if (isRipvecError(error) && error.code === "MODEL_FILE") {
    if ((error as ModelFileError).path === `${directory}/model.safetensors`) return "";
  }
  return error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error);
}

/**
 * The problem of a life, compared with the lives that are allowed; undefined when there is none.
 */
export function wrongWith(life: Life, models: readonly Life[]): string | undefined {
  const all = [...life.passes, life.fingerprint];
  for (const outcome of all) if ("error" in outcome && outcome.error) return outcome.error;
  const isOf = (model: Life) =>
    all.every((outcome) => "error" in outcome || valuesOf(model).includes(outcome.value));
  return models.some(isOf) ? undefined : `values of no model: ${JSON.stringify(life)}`;
}

function valuesOf({ passes, fingerprint }: Life): readonly string[] {
  return [...passes, fingerprint].flatMap((outcome) => ("value" in outcome ? [outcome.value] : []));
}
