import { opNames, opSpecs, optionalOps, requiredOps, type TensorRule } from "@ripvec/core/driver";
import { expect, test } from "vitest";

test("the required ops are those of the contract", () => {
  expect([...requiredOps].sort()).toEqual(
    [
      ...["pad_to_batch", "unpad_from_batch", "qkv_split", "attn_reshape", "split_gate_value"],
      ...["convert", "copy", "embedding_lookup", "add_embeddings", "gemm", "gemm_batched"],
      ...["layer_norm", "scale_mask_softmax", "apply_rope", "add_bias", "residual_add", "gelu"],
      ...["tanh", "cls_pool", "mean_pool", "l2_normalize"],
    ].sort(),
  );
});

test("ops that a driver may lack have no composed default, and are not required", () => {
  expect(optionalOps).toEqual(["relu", "max_pool"]);
  for (const op of optionalOps) {
    expect(opSpecs[op].compose).toBeUndefined();
    expect(requiredOps).not.toContain(op);
  }
});

test.each(opNames)("%s: its spec is consistent", (name) => {
  const spec = opSpecs[name];
  const rules = Object.entries(spec.tensors) as [string, TensorRule][];
  expect(spec.name).toBe(name);
  expect(spec.summary).not.toBe("");
  expect(rules.some(([, rule]) => /output/i.test(rule.kind))).toBe(true);
  for (const input of spec.inPlace ?? []) expect(Object.keys(spec.tensors)).toContain(input);
  // Binding order: what is read, then what is written.
  const written = rules.map(([, rule]) => /output/i.test(rule.kind));
  expect(written).toEqual(written.toSorted());
  const bound = new Set(rules.flatMap(([, rule]) => rule.shape));
  for (const [, rule] of rules) if (rule.below !== undefined) expect(bound).toContain(rule.below);
  for (const scalar of spec.scalars) {
    const isOfTensor = typeof scalar !== "string" && /^(size|dtype)$/.test(scalar.kind);
    if (isOfTensor) expect(Object.keys(spec.tensors)).toContain(scalar.of);
  }
});
