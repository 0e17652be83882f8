import type { Target } from "../target.js";
import { charsmap } from "./charsmap.js";
import { ignoreRules } from "./ignore-rules.js";
import { textLines } from "./lines.js";
import { listing } from "./listing.js";
import { model } from "./model.js";
import { pattern } from "./pattern.js";
import { safetensors, safetensorsHeader } from "./safetensors.js";
import { tokenizer } from "./tokenizer.js";
import { pickle, torchArchive } from "./torch.js";

export const targets: readonly Target[] = [
  safetensors,
  safetensorsHeader,
  torchArchive,
  pickle,
  tokenizer,
  pattern,
  charsmap,
  model,
  listing,
  ignoreRules,
  textLines,
];
