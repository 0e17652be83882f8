import { mark, snakeCase } from "./names.mjs";

/** Names of the types that a driver gives its operands, by kind of tensor. */
export const operandTypes = {
  activation: "Input",
  output: "Output",
  f32: "InputF32",
  f32Output: "OutputF32",
  any: "InputAny",
  anyOutput: "OutputAny",
  ids: "Ids",
  matrix: "Matrix",
  table: "Table",
};

/** cpp/generated/op_params.h: a struct for each op. */
export function opParams({ ops }) {
  return `${mark("packages/core/src/ops")}
// clang-format off
//
// The parameters of every kernel. The driver says in its "runtime/device_types.h" what operands are on its
// device: Input and Output (an activation that is read, or written), InputF32 and OutputF32, InputAny and
// OutputAny, Ids, Matrix, Table, and Sequences (of a layout).
#pragma once

#include "generated/op_enums.h"
#include "runtime/device_types.h"

namespace ripvec {

${ops.map(struct).join("\n")}
}  // namespace ripvec

/** X(op, struct of its parameters) of every op. */
#define RIPVEC_OPS(X) \\
${ops.map((op) => `  X(${op.name}, ${op.struct})`).join(" \\\n")}
`;
}

function struct({ struct, summary, takesLayout, activations, tensors, scalars }) {
  const fields = [
    ...tensors.map(({ field, kind, shape, optional }) => ({
      text: `${operandTypes[kind]} ${field}${optional ? " = {}" : ""};`,
      note: `${shapeText(shape)}${optional ? " or absent" : ""}`,
    })),
    ...(takesLayout ? [{ text: "Sequences sequences;" }] : []),
    ...scalars.map(({ type, field, note }) => ({ text: `${type} ${field};`, note })),
    ...(activations ? [{ text: "DType activations = DType::f32;" }] : []),
  ];
  const lines = fields.map(({ text, note }) => `  ${text}${note ? `  // ${note}` : ""}`);
  return `/** ${summary} */\nstruct ${struct} {\n${lines.join("\n")}\n};\n`;
}

function shapeText(shape) {
  if (shape[0] === "...") return "any shape";
  return `[${shape.map((dim) => dim.split("*").map(snakeCase).join("·")).join(", ")}]`;
}
