import type { ModelSource } from "@ripvec/core";
import type { ModelModule } from "@ripvec/core/arch";
import { expect, test } from "vitest";
import { type Tensors, weightSource } from "../../arch-kit/test/support/checkpoint.js";
import {
  denseModule,
  normalizeModule,
  poolingModule,
  transformerModule,
} from "../../arch-kit/test/support/modules.js";
import { dense, plainOf, pool, unit } from "../../arch-kit/test/support/reference.js";
import { largestError, texts, tolerance } from "../../arch-kit/test/support/run.js";
import { type HubModel, hubModels } from "./support/hub-models.js";
import { hiddenStates } from "./support/reference.js";
import { run } from "./support/run.js";
import { positions, type TestFamily, tinyModel } from "./support/tiny-model.js";

const head = denseModule(12, 9);

function modulesOf({ pooling, dense, normalize }: HubModel): ModelModule[] | undefined {
  if (!pooling) return undefined;
  const modules = [
    transformerModule,
    poolingModule({ word_embedding_dimension: 12, ...pooling }),
    dense && head.module,
    normalize && { ...normalizeModule, path: "2_Normalize" },
  ];
  return modules.filter((module) => typeof module === "object");
}

/**
 * The checkpoint with other tensors that such files contain: i64 `position_ids`, a pooler, and
 * norms with old names.
 */
function checkpointOf(tensors: Tensors, { oldNormNames, tensors: { prefix = "" } = {} }: HubModel) {
  const names = [...tensors].map(([name, tensor]) => {
    const old = name.replace("LayerNorm.weight", "LayerNorm.gamma");
    return [oldNormNames ? old.replace("LayerNorm.bias", "LayerNorm.beta") : name, tensor] as const;
  });
  const buffer = `${prefix}embeddings.position_ids`;
  const all: Tensors = new Map([
    [buffer, { shape: [1, positions], data: new Float32Array(2 * positions) }],
    ...names,
    [`${prefix}pooler.dense.weight`, { shape: [12, 12], data: new Float32Array(144) }],
  ]);
  return weightSource(all, (view) => (view.name === buffer ? { ...view, dtype: "i64" } : view));
}

test.each(hubModels.map((model) => [model.id, model] as const))("%s", async (_, model) => {
  const family = model.config.model_type as TestFamily;
  const tiny = tinyModel({ family, ...model.tensors, config: model.config });
  const source: ModelSource = {
    ...tiny.source,
    weights: checkpointOf(tiny.tensors, model),
    modules: modulesOf(model),
    sentenceConfig: model.sentenceConfig,
  };
  const encodings = texts([5, 1, positions, 8], model.config.type_vocab_size === 2);
  const { loaded, vectors } = await run(source, encodings);
  const expected = encodings.map((text) => {
    const pooled = pool(hiddenStates(plainOf(tiny), text, model.computed), model.computed.pooling);
    const projected = model.dense ? dense(pooled, head.tensors, Math.tanh) : pooled;
    return model.normalize ? unit(projected) : projected;
  });
  expect(largestError(vectors, expected)).toBeLessThan(tolerance);
  expect(loaded).toMatchObject({
    dim: model.dense ? 9 : 12,
    maxTokens: positions,
    normalized: model.normalize ?? false,
  });
});
