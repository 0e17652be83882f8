import { fill, mark } from "./names.mjs";

/** src/generated/encoders.ts: how every op is written into a command stream. */
export function encoders({ ops, dtypes }) {
  return `${mark("packages/core/src/ops")}
import type { DType, KernelArgs, OpName } from "@ripvec/core/driver";
import type { CommandStream, NativeStorage } from "../command-stream.js";

/** How a command is laid out: its code, the dtype of its activations, its tensors, its numbers. */
export interface CommandShape {
  readonly name: string;
  readonly tensors: number;
  readonly numbers: number;
  readonly signature: string;
}

/** By code: \`fill\`, whose numbers are a length in bytes and the value of each, and every op of the contract. */
export const commandShapes: readonly CommandShape[] = [
${[fill, ...ops].map(shape).join("\n")}
];

export const fillCode = 0;

export type Encoders = {
  readonly [K in OpName]: (stream: CommandStream, args: KernelArgs<K, NativeStorage>) => void;
};

/** Dtypes by their numbers in commands: those of the addon's enum DType, whatever core's list says at run time. */
const dtypes: readonly DType[] = [${dtypes.map(({ name }) => `"${name}"`).join(", ")}];

const placeOf = (dtype: DType): number =>
  dtype === "${dtypes[0].name}" ? 0 : dtypes.indexOf(dtype);

/** Each writes one command. */
export const encoders: Encoders = {
${ops.map(encoder).join("\n")}
};
`;
}

const shape = ({ name, counts, signature }) => `  {
    name: "${name}",
    tensors: ${counts.tensors},
    numbers: ${counts.numbers},
    signature: "${signature}",
  },`;

function encoder(op) {
  const { name, code, takesLayout, activations, tensors, scalars } = op;
  const used = new Set([
    ...tensors.map((tensor) => tensor.name),
    ...scalars.map(({ uses }) => uses),
    ...(takesLayout ? ["layout"] : []),
  ]);
  const statements = [
    `number(${code})`,
    `number(${activations ? `placeOf(${activations}.dtype)` : 0})`,
    ...(takesLayout ? ["tensor(layout.cuSeqlens)"] : []),
    ...tensors.map((tensor) => `tensor(${tensor.name})`),
    ...(takesLayout ? ["number(layout.batch)", "number(layout.maxSeqLen)"] : []),
    ...scalars.map(({ value }) => `number(${value})`),
  ];
  const args = `{ ${[...used].join(", ")} }`;
  const head = `  ${name}(stream, ${args}) {`;
  const wrapped = `  ${name}(\n    stream,\n    {\n${[...used].map((arg) => `      ${arg},\n`).join("")}    },\n  ) {`;
  return [
    head.length <= 100 ? head : wrapped,
    ...statements.map((statement) => `    stream.${statement};`),
    "  },",
  ].join("\n");
}
