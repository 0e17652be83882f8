import type { Encoding, ModelSource } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import type { ArchModel } from "@ripvec/driver-testkit";
import { forward } from "../../../../apps/create-ripvec-arch/template/test/definition.js";
import { models } from "../../../../apps/create-ripvec-arch/template/test/models.js";
import { type Tensors, weightSource } from "./checkpoint.js";
import { plainOf, type Rows } from "./reference.js";

export { arch as toyArch } from "../../../../apps/create-ripvec-arch/template/src/index.js";

export interface ToyModel {
  readonly source: ModelSource;
  readonly tensors: Tensors;
}

function modelAt(index: number): ArchModel {
  const model = models[index];
  if (!model) throw new Error(`the template has no model ${index}`);
  return model;
}

const plain = modelAt(0);
const prefixed = modelAt(1);

/** The largest number of tokens in a text. */
export const positions: number = plain.maxTokens;

/** The random model of the template of create-ripvec-arch. */
export function toyModel(config: JsonObject = {}, prefix: "" | "model." = ""): ToyModel {
  const { tensors } = prefix === "" ? plain : prefixed;
  const named: Tensors = new Map(
    tensors.map(({ name, shape, values }) => [name, { shape, data: values }]),
  );
  const weights = weightSource(named);
  return {
    source: { id: "toy", config: { ...plain.config, ...config }, weights },
    tensors: named,
  };
}

/** The token vectors of one text in f64. */
export function toyHidden({ tensors, source }: ToyModel, { inputIds }: Encoding): Rows {
  const ids = Array.from(inputIds);
  return forward(plainOf({ tensors, config: source.config }), { ids, types: ids.map(() => 0) });
}
