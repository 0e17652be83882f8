import type { Tokenizer } from "@ripvec/core";
import { openModel } from "@ripvec/hub";
import type { Engine, EngineSpec, Input, InputKind } from "../engines/engine.js";
import { engineNamed, referenceName } from "../engines/registry.js";
import type { EncoderShape } from "../flops.js";
import type { ModelFolder } from "../model/model-folder.js";
import type { Rounds } from "./rounds.js";

/** The objects that all measures of a run share. */
export interface RunContext {
  readonly folder: ModelFolder;
  readonly shape: EncoderShape;
  /** The chosen engines that can run here. */
  readonly engines: readonly EngineSpec[];
  readonly threads: number;
  readonly rounds: Rounds;
}

/** Writes the engine's graph when it needs one, and opens it. */
export async function openEngine(
  { folder, threads }: Pick<RunContext, "folder" | "threads">,
  spec: EngineSpec,
  kind: InputKind,
): Promise<Engine> {
  if (spec.graph) await folder.write(spec.graph);
  return spec.open(folder.model, { threads, kind });
}

/** The reference vectors: the plain f32 graph in onnxruntime, with each text alone. */
export async function referenceVectors(
  context: Pick<RunContext, "folder" | "threads">,
  input: Input,
): Promise<ArrayLike<number>[]> {
  const encodings =
    input.kind === "ids"
      ? input.encodings
      : (await tokenizerOf(context.folder)).encodeBatch(input.texts);
  const engine = await openEngine(context, engineNamed(referenceName), "ids");
  const vectors: ArrayLike<number>[] = [];
  for (const encoding of encodings) {
    vectors.push(...(await engine.embed({ kind: "ids", encodings: [encoding] })));
  }
  await engine.close();
  return vectors;
}

export async function tokenizerOf({ model }: ModelFolder): Promise<Tokenizer> {
  return (await openModel(model.directory)).tokenizer;
}
