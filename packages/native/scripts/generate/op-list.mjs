import { fill, mark } from "./names.mjs";

/** cpp/generated/op_list.h: the codes of all ops, and how their commands are laid out. */
export function opList({ ops }) {
  const row = ({ name, counts, signature }) =>
    `    {"${name}", ${counts.tensors}, ${counts.numbers}, "${signature}"},\n`;
  return `${mark("packages/core/src/ops")}
// clang-format off
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace ripvec {

/** An op's value is its code in a command stream. */
enum class Op : uint16_t {
  /** Not an op of the contract. Of its two numbers, the first is a length in bytes and the second the value of each. */
  fill,
${ops.map(({ name }) => `  ${name},\n`).join("")}};

/** How the commands of an op are laid out. */
struct OpInfo {
  const char* name;
  size_t tensors;
  size_t numbers;
  /** What the driver's package compares when it loads the addon. */
  const char* signature;
};

/** By code. */
constexpr OpInfo kOps[] = {
${[fill, ...ops].map(row).join("")}};

}  // namespace ripvec
`;
}

/** cpp/generated/op_enums.h: the enums of the scalars. */
export function opEnums({ enums, dtypes }) {
  const choice = ({ name, values }) => `/** none: the argument is absent. */
enum class ${name} : uint8_t { ${["none", ...values].join(", ")} };
`;
  return `${mark("packages/core/src")}
// clang-format off
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace ripvec {

enum class DType : uint8_t { ${dtypes.map(({ name }) => name).join(", ")} };

constexpr const char* kDTypeNames[] = {${dtypes.map(({ name }) => `"${name}"`).join(", ")}};

/** Bytes of one element. */
constexpr int64_t kDTypeBytes[] = {${dtypes.map(({ byteLength }) => byteLength).join(", ")}};
static constexpr int64_t byte_length_of(DType dtype) { return kDTypeBytes[static_cast<size_t>(dtype)]; }

${enums.map(choice).join("\n")}
}  // namespace ripvec
`;
}
