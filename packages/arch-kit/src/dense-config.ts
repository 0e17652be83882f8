import { UnsupportedError } from "@ripvec/core";
import type { ModelDescription } from "@ripvec/core/arch";
import { type Activation, activationByTorchClass } from "./activation.js";
import { JsonFields } from "./json-fields.js";
import type { KnownModule } from "./module-kinds.js";

/** A layer over token vectors or text vectors: activation(x · weightᵀ + bias), plus x or a projection of x. */
export interface DenseConfig {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  readonly hasBias: boolean;
  /** Whether x is added: itself, or projected where the widths differ. */
  readonly hasResidual: boolean;
}

/**
 * Reads the config.json of a Dense module whose inputs have `width` values. Throws UnsupportedError for an activation
 * that is not known.
 */
export function readDense(
  model: ModelDescription,
  module: KnownModule,
  width: number,
): DenseConfig {
  const json = new JsonFields(`${model.id}/${module.path}/config.json`, module.config);
  const inputs = json.count("in_features");
  const outputs = json.count("out_features");
  if (inputs !== width) json.fail("in_features", `${width}, the width of its input`, inputs);
  return {
    inputs,
    outputs,
    activation: readActivation(json, module),
    hasBias: json.flag("bias", true),
    hasResidual: json.flag("use_residual", false),
  };
}

function readActivation(json: JsonFields, { config }: KnownModule): Activation {
  if (config.activation_function === null) json.fail("activation_function", "a class", null);
  const name = json.text("activation_function", "torch.nn.modules.activation.Tanh");
  const inTorch = /^torch\.nn\.(?:modules\.(?:activation|linear)\.)?(\w+)$/.exec(name);
  const activation = activationByTorchClass.get(inTorch?.[1] ?? "");
  if (activation) return activation;
  throw new UnsupportedError({
    what: "activation_function of Dense",
    value: name,
    supported: [...activationByTorchClass.keys()].map((known) => `torch.nn.${known}`),
  });
}
