import { fileURLToPath } from "node:url";

/** The model that the command ships. */
export const builtInDirectory: string = fileURLToPath(
  new URL("../../../apps/cli/model/", import.meta.url),
);
