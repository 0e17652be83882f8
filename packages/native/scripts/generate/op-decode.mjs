import { mark, snakeCase } from "./names.mjs";
import { operandTypes } from "./op-params.mjs";

/** cpp/generated/op_decode.h: how the struct of each op is read from a command. */
export function opDecode({ ops }) {
  return `${mark("packages/core/src/ops")}
// clang-format off
//
// The driver's class Operands, in its "runtime/operands.h", has a method for each type of operand, which makes one
// from the Place of a tensor: ${Object.values(operandTypes).map(method).join(", ")};
// and sequences(Place, batch, max_seq_len). A tensor may be absent where its field in op_params.h says so.
#pragma once

#include "engine/command.h"
#include "generated/op_params.h"
#include "runtime/operands.h"

namespace ripvec {

/** The parameters that a command of the op holds. */
template <class Params>
Params decode(const Command& command, const Operands& operands);

${ops.map(decoder).join("\n")}
}  // namespace ripvec
`;
}

/** "InputF32" → "input_f32". */
const method = (type) => snakeCase(type);

function decoder({ struct, takesLayout, activations, tensors, scalars }) {
  const [firstTensor, firstNumber] = takesLayout ? [1, 2] : [0, 0];
  const fields = [
    ...tensors.map(
      ({ field, kind }, i) =>
        `.${field} = operands.${method(operandTypes[kind])}(command.place(${firstTensor + i}))`,
    ),
    ...(takesLayout
      ? [".sequences = operands.sequences(command.place(0), command.size(0), command.size(1))"]
      : []),
    ...scalars.map(({ field, read }, i) => `.${field} = command.${read}(${firstNumber + i})`),
    ...(activations ? [".activations = command.activations()"] : []),
  ];
  return `template <>
inline ${struct} decode<${struct}>(const Command& command, const Operands& operands) {
  return {
${fields.map((field) => `      ${field},\n`).join("")}  };
}
`;
}
