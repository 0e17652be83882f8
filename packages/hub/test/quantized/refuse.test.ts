import type { JsonObject } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { openModel } from "../../src/index.js";
import type { RepoFiles } from "../hub-server.js";
import { cacheDir, hub, name } from "../remote-hub.js";
import { tempDir, writeFiles } from "../temp-dir.js";
import { jsonFile } from "../tiny-model.js";
import {
  fileOf,
  jsonOf,
  methods,
  type Stored,
  safetensorsOf,
  tinyWith,
  type Written,
} from "./files.js";

const openFiles = async (files: RepoFiles) => openModel(await writeFiles(await tempDir(), files));
const remedy = /Use the model that it was made from; ripvec convert <model> --dtype i8 --out <dir>/;

async function expectRefused(opening: Promise<unknown>, ...messages: RegExp[]): Promise<void> {
  const error: unknown = await opening.catch((caught) => caught);
  expect(error).toMatchObject({ code: "UNSUPPORTED", remedy: expect.stringMatching(remedy) });
  for (const message of [...messages, remedy]) expect((error as Error).message).toMatch(message);
}

const stored = ({ tensors }: Written): Uint8Array =>
  safetensorsOf(
    Object.fromEntries(
      Object.entries(tensors).map(([key, [dtype, shape]]) => [key, { dtype, shape }]),
    ),
  );

/** The expected message about the config and, when the config states nothing, about the tensors. */
const said: Readonly<Record<string, readonly [config: RegExp | undefined, tensors: RegExp]>> = {
  "bitsandbytes-4": [
    /"bitsandbytes"/,
    /\(bitsandbytes in 4 bits\), recognised by the tensor ".*\.weight\./,
  ],
  "bitsandbytes-8": [
    /"bitsandbytes"/,
    /\(bitsandbytes in 8 bits\), recognised by the tensor ".*\.SCB"/,
  ],
  groups: [
    /\(config_groups\.group_0\.weights\.strategy is "group"\) "compressed-tensors"/,
    /weight_scale": is bf16 \[8, 2\]\. As the scales of .* it must be f32, f16 or bf16/,
  ],
  mlx: [
    /quantization_config of .*config\.json "mlx"/,
    /\(MLX, .*\), recognised by the tensor ".*\.scales"/,
  ],
  packed: [
    /\(config_groups\.group_0\.format is "pack-quantized"\) "compressed-tensors"/,
    /\(compressed-tensors, packed\), recognised by the tensor ".*\.weight_packed"/,
  ],
  quanto: [undefined, /\(quanto\), recognised by the tensor ".*\.weight\._(data|scale)"/],
  torchao: [
    /"torchao"/,
    /\(torchao\), recognised by the tensor ".*\._weight_(qdata|scale|zero_point)"/,
  ],
  "zero-points": [
    /\(config_groups\.group_0\.weights\.symmetric is false\) "compressed-tensors"/,
    /\(compressed-tensors with zero points\), recognised by the tensor ".*\.weight_zero_point"/,
  ],
};

test("every file of an unsupported method has a row", () => {
  expect(Object.keys(said)).toEqual(methods);
});

describe.each(methods)("%s, as its own software writes it", (method) => {
  const written = jsonOf<Written>(`${method}.json`);
  const [byConfig, byTensors] = said[method] ?? [];

  test.skipIf(byConfig === undefined)(
    "is refused by config.json, and nothing is fetched",
    async () => {
      hub.push(name, tinyWith(written.config, { "model.safetensors": stored(written) }));
      await expectRefused(openModel(name, { cacheDir }), byConfig as RegExp);
      for (const large of ["model.safetensors", "tokenizer.json"])
        expect(hub.downloads(large)).toBe(0);
    },
  );

  test("is refused by its tensors where config.json says nothing", async () => {
    const opening = openFiles(tinyWith({}, { "model.safetensors": stored(written) }));
    if (method !== "groups") return expectRefused(opening, byTensors as RegExp);
    // Its names are supported; the shape of the scales decides.
    const { weights } = await opening;
    const [matrix = ""] = weights.names.filter((each) => weights.has(`${each}_scale`));
    expect(() => weights.get(matrix)).toThrow(byTensors);
  });
});

test("an index of shards is refused by its names before a shard is fetched", async () => {
  const map = { "a.qweight": "model-1.safetensors", "a.scales": "model-2.safetensors" };
  hub.push(
    name,
    tinyWith(
      {},
      {
        "model.safetensors.index.json": jsonFile({ weight_map: map }),
        "model-1.safetensors": Buffer.alloc(9),
      },
    ),
  );
  await expectRefused(openModel(name, { cacheDir }), /\(GPTQ, AWQ or FP-Quant\), .*"a\.qweight"/);
  expect(hub.downloads("model-1.safetensors")).toBe(0);
});

test.each(["dense.weight_scale_inv", "dense.W_q", "dense.weight_scales", "dense.pre_quant_scale"])(
  "a module's own weights with %s",
  async (tensor) => {
    const own: Stored = { dtype: "F32", shape: [1] };
    const files = { "2_Dense/model.safetensors": safetensorsOf({ [tensor]: own }) };
    const plain = { "model.safetensors": safetensorsOf({ bias: own }) };
    await expectRefused(openFiles(tinyWith({}, { ...plain, ...files })), /2_Dense.*by the tensor/);
  },
);

test("a state dict quantised by PyTorch is refused by name", async () => {
  const files = { "pytorch_model.bin": fileOf("dynamic.bin") };
  await expectRefused(
    openFiles(tinyWith({}, files)),
    /quantised tensors.* in .*pytorch_model\.bin: it names "torch\.qint8"/,
  );
});

describe("config.json that states", () => {
  const weights = { "model.safetensors": safetensorsOf({ bias: { dtype: "F32", shape: [8] } }) };
  const stating = (config: JsonObject) => openFiles(tinyWith(config, weights));

  /** `quant_method` of every quantisation of transformers 5.24, and of others. */
  const named =
    "gptq awq aqlm vptq quanto eetq higgs hqq fbgemm_fp8 torchao gguf bitnet spqr fp8 quark fp_quant auto-round mxfp4 nvfp4 mxfp8 metal fouroversix sinq gemma modelopt sparseml ripvec";
  test.each(named.split(" "))(
    "quant_method %s is refused, though its tensors are floats",
    async (method) => {
      await expectRefused(
        stating({ quantization_config: { quant_method: method } }),
        new RegExp(
          `^unsupported quantization_config of .*config\\.json "${method}"; supported: 8 bits`,
        ),
      );
    },
  );

  test.each<[JsonObject, RegExp]>([
    [{ quantization_config: { load_in_8bit: true } }, /quantization_config .* "bitsandbytes"/],
    [{ quantization_config: { quant_algo: "FP8", producer: {} } }, /"FP8"/],
    [{ quantization_config: { quant_method: 3 } }, / 3; supported/],
    [{ quantization_config: { w_bit: 4 } }, /"unnamed"/],
    [{ compression_config: { quant_method: "sparseml" } }, /compression_config .* "sparseml"/],
    [{ quantization: { group_size: 64, bits: 4 } }, /quantization of .* "mlx"/],
  ])("%j", async (config, message) => {
    await expectRefused(stating(config), message);
  });

  test.each(["quantization_config", "compression_config", "quantization"])(
    "%s that is not an object is a broken file",
    async (key) => {
      for (const value of [true, [], "gptq"]) {
        await expect(stating({ [key]: value })).rejects.toMatchObject({
          code: "MODEL_FILE",
          message: expect.stringContaining(`config.json: ${key} must be an object`),
        });
      }
    },
  );

  test.each([null, {}])("quantization_config %j states no quantisation", async (value) => {
    await expect(stating({ quantization_config: value })).resolves.toBeDefined();
  });
});

describe("compressed-tensors other than a scale for each row", () => {
  type Change = Readonly<Record<string, unknown>>;
  const config = jsonOf<{ quantization_config: JsonObject }>("int-quantized.config.json");
  const stated = config.quantization_config as {
    config_groups: { group_0: Change & { weights: Change } };
  };
  const { group_0: group } = stated.config_groups;
  const withGroup = (change: Change) => ({ config_groups: { group_0: { ...group, ...change } } });
  const withWeights = (change: Change) => withGroup({ weights: { ...group.weights, ...change } });
  const files = { "model.safetensors": fileOf("int-quantized.safetensors") };
  const open = (change: Change) =>
    openFiles(tinyWith({ quantization_config: { ...stated, ...change } }, files));

  test("the unchanged file opens", async () => {
    await expect(open({})).resolves.toBeDefined();
    await expect(open({ quantization_status: "frozen" })).resolves.toBeDefined();
    await expect(open({ sparsity_config: { format: "dense" } })).resolves.toBeDefined();
    await expect(open(withGroup({ input_activations: null }))).resolves.toBeDefined();
  });

  test.each<[Change, RegExp]>([
    [{ quantization_status: "calibration" }, /quantization_status is "calibration"/],
    [{ quantization_status: undefined }, /quantization_status is absent/],
    [{ kv_cache_scheme: { num_bits: 8 } }, /kv_cache_scheme is \{"num_bits":8\}/],
    [{ transform_config: { config_groups: { u: {} } } }, /transform_config is/],
    [{ sparsity_config: { format: "sparse-24-bitmask" } }, /sparsity_config is/],
    [{ config_groups: {} }, /config_groups is empty/],
    [{ config_groups: [] }, /config_groups is empty/],
    [{ config_groups: { a: { targets: [] } } }, /config_groups\.a has no weights/],
    [{ config_groups: { a: group, b: { ...group, format: "float-quantized" } } }, /b\.format is/],
    [{ ...withGroup({ format: null }), format: "dense" }, /group_0\.format is "dense"/],
    [withGroup({ output_activations: {} }), /group_0\.output_activations is \{\}/],
    [withGroup({ input_activations: { dynamic: false } }), /group_0\.input_activations is/],
    [withWeights({ num_bits: 4 }), /weights\.num_bits is 4/],
    [withWeights({ type: "float" }), /weights\.type is "float"/],
    [withWeights({ symmetric: false }), /weights\.symmetric is false/],
    [withWeights({ strategy: "tensor" }), /weights\.strategy is "tensor"/],
    [withWeights({ strategy: undefined }), /weights\.strategy is absent/],
    [withWeights({ group_size: 128 }), /weights\.group_size is 128/],
    [withWeights({ block_structure: [128, 128] }), /weights\.block_structure is \[128,128\]/],
    [withWeights({ actorder: "group" }), /weights\.actorder is "group"/],
    [withWeights({ dynamic: true }), /weights\.dynamic is true/],
  ])("%j", async (change, message) => {
    await expectRefused(open(change), message, /"compressed-tensors"; supported: 8 bits/);
  });

  test("with weights in floats, the two files belong to different models", async () => {
    const floats = { "model.safetensors": safetensorsOf({ bias: { dtype: "F32", shape: [8] } }) };
    await expect(
      openFiles(tinyWith({ quantization_config: stated }, floats)),
    ).rejects.toMatchObject({
      code: "MODEL_FILE",
      message: expect.stringMatching(
        /model\.safetensors: has no tensor with scales, but quantization_config/,
      ),
    });
  });
});
