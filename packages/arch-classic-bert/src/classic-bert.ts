import { activationSignature, opsOfActivation, transformerArch } from "@ripvec/arch-kit";
import type { ModelArch } from "@ripvec/core";
import { type BertConfig, readConfig } from "./config.js";
import { encode } from "./forward.js";
import { type EncoderWeights, planEncoder } from "./weights.js";

/**
 * BERT, ERNIE, RoBERTa, XLM-RoBERTa, CamemBERT, data2vec-text, DistilBERT and ELECTRA: encoders with learned absolute
 * positions whose layers normalise after each sublayer, and the modules of sentence-transformers after them.
 */
export const classicBert: ModelArch = transformerArch<BertConfig, EncoderWeights>({
  name: "classic-bert",
  readConfig,
  optionalOps: ({ activation }) => opsOfActivation(activation),
  signature,
  weights: planEncoder,
  forward: encode,
});

/** ["roberta", "layers=12", "heads=12", "positions=2", "gelu=erf", "eps=0.00001"] */
function signature(config: BertConfig): readonly string[] {
  return [
    config.family.modelType,
    `layers=${config.layers}`,
    `heads=${config.heads}`,
    `positions=${config.positionOffset}`,
    activationSignature(config.activation),
    `eps=${config.eps}`,
  ];
}
