import type { OpSpec, ScalarRule, TensorRule } from "@ripvec/core/driver";

/**
 * Everything that the generated code takes from the spec of an op, as one line: whether it has a layout, its tensors
 * with their kinds and shapes, and its scalars, both in order. Two versions of a spec with the same signature have the
 * same commands. The generator writes this text, and loading an addon compares it, so this module imports no values.
 */
export function opSignature(spec: OpSpec<never>, takesLayout: boolean): string {
  const tensors = Object.entries<TensorRule>(spec.tensors).map(
    ([name, { kind, shape, optional }]) =>
      `${name}${optional ? "?" : ""}: ${kind}[${shape.join(", ")}]`,
  );
  const counts: readonly string[] = spec.counts ?? [];
  const scalars = spec.scalars.map((rule) => scalarText(rule, counts));
  const layout = takesLayout ? ["layout"] : [];
  return `${[...layout, ...tensors].join(", ")}; ${scalars.join(", ")}`;
}

function scalarText(rule: ScalarRule, counts: readonly string[]): string {
  if (typeof rule === "string") return counts.includes(rule) ? `count ${rule}` : rule;
  const values = rule.kind === "choice" ? ` ${rule.values.join("|")}` : "";
  return `${rule.kind} ${rule.of}${values}`;
}
