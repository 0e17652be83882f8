import { fusedForm, headSignature, type SentenceModules } from "@ripvec/arch-kit";
import type { BertConfig } from "./config.js";

/**
 * What shapes a vector besides weights, every module in its order:
 * "classic-bert/roberta/layers=12/heads=12/positions=2/gelu=erf/eps=0.00001/cls/dense=256:tanh/l2".
 */
export function signatureOf(name: string, config: BertConfig, modules: SentenceModules): string {
  const gelu = fusedForm(config.activation);
  return [
    name,
    config.family.modelType,
    `layers=${config.layers}`,
    `heads=${config.heads}`,
    `positions=${config.positionOffset}`,
    gelu ? `gelu=${gelu}` : `act=${config.activation}`,
    `eps=${config.eps}`,
    ...headSignature(modules),
  ].join("/");
}
