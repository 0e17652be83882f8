import { shipped } from "./generated/shipped.js";

/** The files of the model, by their paths in its folder. */
export const files: readonly string[] = shipped.map(({ path }) => path);

/** SHA-256 of each file in hex: the option `sha256` of `openModel`. */
export const sha256: Readonly<Record<string, string>> = Object.fromEntries(
  shipped.map((file) => [file.path, file.sha256]),
);

/** Size of each file in bytes. */
export const byteLengths: Readonly<Record<string, number>> = Object.fromEntries(
  shipped.map(({ path, byteLength }) => [path, byteLength]),
);
