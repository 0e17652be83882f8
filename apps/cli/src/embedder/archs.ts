import { classicBert } from "@ripvec/arch-classic-bert";
import type { ModelArch } from "@ripvec/core";

/** The architectures that a model's config chooses from. To add one, add it here. */
export const knownArchs: readonly ModelArch[] = [classicBert];
