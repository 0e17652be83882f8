import { fileURLToPath } from "node:url";
import { readText, renamed, withVersions } from "../../create/scripts/repository.js";
import { type Template, textsIn } from "../../create/src/template.js";

const toy = "packages/native/test/toy";
const sources = [
  "src/index.ts",
  "binding/addon.cc",
  "runtime/device_types.h",
  "runtime/host_device.h",
  "runtime/kernels.h",
  "runtime/operands.h",
];

/** The names of the toy, and what takes their place. */
const names = [
  [/\bdriver_toy\b/g, "driver_{{snakeName}}"],
  [/\bRIPVEC_TOY_BINARY\b/g, "RIPVEC_{{upperName}}_BINARY"],
  [/\bripvec-driver-toy\b/g, "{{packageName}}"],
  [/\bToyAddon\b/g, "{{pascalName}}Addon"],
  [/\btoy\b(?=\()/g, "{{camelName}}"],
  [/"toy"/g, '"{{shortName}}"'],
] as const;

/** A driver in C++: the toy that the tests of @ripvec/native build, and the files around it. */
export function nativeTemplate(): Template {
  const around = textsIn(fileURLToPath(new URL("../templates/native", import.meta.url)));
  const copied = Object.fromEntries(sources.map((path) => [path, readText(`${toy}/${path}`)]));
  const all = renamed({ ...around, ...copied }, names, /toy/i);
  const index = `${all["src/index.ts"]}\nexport { {{camelName}} as driver };\n`;
  return withVersions({ ...all, "src/index.ts": index });
}
