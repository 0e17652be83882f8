import { createHash } from "node:crypto";
import { readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openModel, resolvePrompt } from "../src/index.js";
import type { RepoFiles } from "./hub-server.js";
import { tempDir, writeFiles } from "./temp-dir.js";
import { bertConfig, jsonFile, poolingConfig, safetensors, tinyModel } from "./tiny-model.js";

async function openFiles(files: RepoFiles) {
  return openModel(await writeFiles(await tempDir(), files));
}

/** The tiny model with some files replaced, or left out where undefined. */
function changed(changes: Readonly<Record<string, Uint8Array | undefined>>): RepoFiles {
  const entries = Object.entries({ ...tinyModel(), ...changes });
  return Object.fromEntries(
    entries.filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined),
  );
}

describe("a directory", () => {
  test("gives config, weights, modules, tokenizer and prompts", async () => {
    const files = tinyModel();
    const directory = await writeFiles(await tempDir(), files);
    const model = await openModel(directory);
    expect(model).toMatchObject({
      id: directory,
      directory,
      config: bertConfig,
      sentenceConfig: { max_seq_length: 256 },
      prompts: { query: "query: ", passage: "" },
    });
    expect(model.defaultPromptName).toBeUndefined();
    expect(model.modules?.map(({ type, path }) => [type.split(".").at(-1), path])).toEqual([
      ["Transformer", ""],
      ["Pooling", "1_Pooling"],
      ["Dense", "2_Dense"],
      ["Normalize", "3_Normalize"],
    ]);
    expect(model.modules?.[1]?.config).toEqual(poolingConfig);
    expect(model.modules?.[2]?.weights?.get("linear.weight").shape).toEqual([4, 8]);
    expect(model.modules?.[3]?.weights).toBeUndefined();
    const bias = model.weights.get("bias");
    expect(new Float32Array(bias.bytes().slice().buffer)).toEqual(
      Float32Array.from({ length: 8 }, (_, i) => 65536 + i),
    );
    expect(bias.file?.path).toBe(join(directory, "model.safetensors"));
    const sha256 = createHash("sha256")
      .update(files["model.safetensors"] ?? "")
      .digest("hex");
    expect(await model.weights.hash()).toBe(sha256);
    expect(Array.from(model.tokenizer.encode("hello world").tokenTypeIds ?? [])).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test("needs no modules, no sentence-transformers files and no tokenizer_config.json", async () => {
    const bare = ["config.json", "model.safetensors", "tokenizer.json"];
    const files = Object.entries(tinyModel()).filter(([path]) => bare.includes(path));
    const model = await openFiles(Object.fromEntries(files));
    expect(model.modules).toBeUndefined();
    expect(model.sentenceConfig).toEqual({});
    expect(model.prompts).toEqual({});
  });

  test("reads the length limit from tokenizer_config.json when sentence-transformers does", async () => {
    const without = changed({ "sentence_bert_config.json": undefined });
    expect((await openFiles(without)).sentenceConfig).toEqual({ max_seq_length: 512 });
    const unset = { "sentence_bert_config.json": jsonFile({ max_seq_length: null }) };
    expect((await openFiles(changed(unset))).sentenceConfig).toEqual({ max_seq_length: 512 });
    const none = { ...without, "tokenizer_config.json": Buffer.from('{"model_max_length": 1e30}') };
    expect((await openFiles(none)).sentenceConfig).toEqual({});
  });

  test("reads a transformer in its own folder", async () => {
    const { "modules.json": _, ...files } = tinyModel();
    const inner = Object.fromEntries(
      Object.entries(files).map(([path, body]) => [
        path.includes("/") ? path : `0_T/${path}`,
        body,
      ]),
    );
    const modules = [{ path: "0_T", type: "sentence_transformers.models.Transformer" }];
    const model = await openFiles({ ...inner, "modules.json": jsonFile(modules) });
    expect(model.config).toEqual(bertConfig);
    expect(model.weights.has("bias")).toBe(true);
  });

  test("merges shards", async () => {
    const shard = { "a.weight": [3, 4] };
    const files = changed({
      "model.safetensors": undefined,
      "pytorch_model.bin": undefined,
      "model-1.safetensors": safetensors(shard),
      "model-2.safetensors": safetensors({ "b.weight": [2], "c.weight": [5] }),
      "model.safetensors.index.json": jsonFile({
        weight_map: {
          "a.weight": "model-1.safetensors",
          "b.weight": "model-2.safetensors",
          "c.weight": "model-2.safetensors",
        },
      }),
    });
    const { weights } = await openFiles(files);
    expect(weights.names).toEqual(["a.weight", "b.weight", "c.weight"]);
    expect(weights.get("c.weight").shape).toEqual([5]);
    expect(new Float32Array(weights.get("c.weight").bytes().slice().buffer)[0]).toBe(2);
    expect(() => weights.get("d")).toThrow(
      expect.objectContaining({ code: "MODEL_FILE", tensor: "d" }),
    );
    const hash = await weights.hash();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const other = { ...files, "model-1.safetensors": safetensors({ "a.weight": [4, 3] }) };
    expect(await (await openFiles(other)).weights.hash()).not.toBe(hash);
  });

  test("follows symbolic links, which download caches use", async () => {
    const directory = await writeFiles(await tempDir(), tinyModel());
    const elsewhere = join(await tempDir(), "blob");
    await rename(join(directory, "model.safetensors"), elsewhere);
    await symlink(elsewhere, join(directory, "model.safetensors"));
    expect((await openModel(directory)).weights.has("bias")).toBe(true);
  });

  test.skipIf(process.platform !== "linux")("leaves no file open", async () => {
    const directory = await writeFiles(await tempDir(), tinyModel());
    const openFilesNow = async () => (await readdir("/proc/self/fd")).length;
    const model = await openModel(directory);
    await model.weights.hash();
    const before = await openFilesNow();
    for (let i = 0; i < 20; i += 1) {
      const again = await openModel(directory);
      again.weights.get("bias").bytes();
      await again.weights.hash();
    }
    expect(await openFilesNow()).toBeLessThanOrEqual(before + 2);
  });

  test("notices weights that change while the model is in use", async () => {
    const directory = await writeFiles(await tempDir(), tinyModel());
    const { weights } = await openModel(directory);
    await writeFile(join(directory, "model.safetensors"), safetensors({ bias: [8] }));
    expect(() => weights.get("bias").bytes()).toThrow(
      expect.objectContaining({ code: "MODEL_FILE" }),
    );
    await rm(join(directory, "model.safetensors"));
    expect(() => weights.get("bias").bytes()).toThrow(
      expect.objectContaining({ code: "MODEL_FILE" }),
    );
  });

  test("a directory in the home folder may be written with ~", async () => {
    const home = await tempDir();
    await writeFiles(join(home, "model"), tinyModel());
    // os.homedir() reads one of the two, depending on the platform.
    vi.stubEnv("HOME", home);
    vi.stubEnv("USERPROFILE", home);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    expect((await openModel("~/model")).directory).toBe(join(home, "model"));
  });
});

describe("the error names what is wrong", () => {
  const broken: [string, Record<string, Uint8Array | undefined>, RegExp][] = [
    ["no config", { "config.json": undefined }, /config\.json: is missing/],
    [
      "no weights",
      { "model.safetensors": undefined, "pytorch_model.bin": undefined },
      /model\.safetensors: is missing/,
    ],
    [
      "an npm project",
      {
        ...Object.fromEntries(Object.keys(tinyModel()).map((path) => [path, undefined])),
        "package.json": jsonFile({}),
        "node_modules/.bin": jsonFile({}),
        ".cache/a.onnx": jsonFile({}),
      },
      /config\.json: is missing(?!.*(PyTorch|ONNX))/,
    ],
    [
      "other weights only",
      { "model.safetensors": undefined, "pytorch_model.bin": undefined },
      /The folder has onnx\/model\.onnx \(ONNX\), which ripvec cannot read.*save_pretrained/,
    ],
    [
      "a file not of torch.save",
      { "model.safetensors": undefined },
      /pytorch_model\.bin: is not a file of torch\.save/,
    ],
    [
      "no weights of Dense",
      { "2_Dense/model.safetensors": undefined },
      /2_Dense.model\.safetensors: is missing, and so is pytorch_model\.bin/,
    ],
    [
      "no settings of Pooling",
      { "1_Pooling/config.json": undefined },
      /1_Pooling.config\.json: is missing. modules\.json names a Pooling/,
    ],
    [
      "no settings of Dense",
      { "2_Dense/config.json": undefined },
      /2_Dense.config\.json: is missing/,
    ],
    [
      "a Git LFS pointer",
      {
        "model.safetensors": Buffer.from(
          "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n",
        ),
      },
      /model\.safetensors: is a Git LFS pointer.*git lfs pull/,
    ],
    [
      "an invalid truncate_dim",
      { "config_sentence_transformers.json": jsonFile({ truncate_dim: 0 }) },
      /truncate_dim must be a whole number of at least 1, got 0/,
    ],
    [
      "an invalid similarity_fn_name",
      { "config_sentence_transformers.json": jsonFile({ similarity_fn_name: 1 }) },
      /similarity_fn_name must be a string, got 1/,
    ],
    [
      "no tokenizer",
      { "tokenizer.json": undefined, "vocab.txt": undefined },
      /tokenizer\.json: is missing, and sentencepiece\.bpe\.model cannot be read by ripvec.*save_pretrained/,
    ],
    ["not JSON", { "config.json": Buffer.from('{"a": ') }, /config\.json: is not valid JSON/],
    [
      "not UTF-8",
      { "config.json": Buffer.from([0x7b, 0xff, 0x7d]) },
      /config\.json: is not UTF-8 text/,
    ],
    [
      "deeply nested JSON",
      { "config.json": Buffer.from("[".repeat(300_000)) },
      /config\.json: is not valid JSON/,
    ],
    [
      "a list in place of an object",
      { "config.json": jsonFile([]) },
      /config\.json: must hold a JSON object/,
    ],
    [
      "huge JSON",
      { "1_Pooling/config.json": Buffer.alloc((4 << 20) + 1, 0x20) },
      /1_Pooling.config\.json: has 4194305 bytes, the limit/,
    ],
    [
      "truncated weights",
      { "model.safetensors": tinyModel()["model.safetensors"]?.subarray(0, 99) },
      /model\.safetensors/,
    ],
    [
      "modules.json that is not a list",
      { "modules.json": jsonFile({}) },
      /modules\.json: must hold a list/,
    ],
    [
      "a module without a type",
      { "modules.json": jsonFile([{ path: "" }]) },
      /modules\.json: each module must have a type/,
    ],
    [
      "a prompt that is not a string",
      { "config_sentence_transformers.json": jsonFile({ prompts: { q: 1 } }) },
      /prompt "q" must be a string/,
    ],
    [
      "an unknown default prompt",
      { "config_sentence_transformers.json": jsonFile({ default_prompt_name: "q" }) },
      /default_prompt_name "q"/,
    ],
    ...["../x", "/etc", "a/../../x", "a\\..\\x", "c:x", "./a", "a//b", "a\u0000b", 5].map(
      (path): [string, Record<string, Uint8Array>, RegExp] => [
        `module path ${JSON.stringify(path)}`,
        { "modules.json": jsonFile([{ path, type: "x.Pooling" }]) },
        /modules\.json: names .* not a path inside the model/,
      ],
    ),
    ...["../../x.safetensors", "/x.safetensors", "", null].map(
      (name): [string, Record<string, Uint8Array | undefined>, RegExp] => [
        `shard ${JSON.stringify(name)}`,
        {
          "model.safetensors": undefined,
          "model.safetensors.index.json": jsonFile({ weight_map: { a: name } }),
        },
        /index\.json: names .* not a path inside the model/,
      ],
    ),
    [
      "no weight_map",
      { "model.safetensors": undefined, "model.safetensors.index.json": jsonFile({}) },
      /weight_map must be an object/,
    ],
    [
      "a missing shard",
      {
        "model.safetensors": undefined,
        "model.safetensors.index.json": jsonFile({ weight_map: { a: "s" } }),
      },
      /names the shard s, which is missing/,
    ],
    [
      "a shard without the tensor that the index names",
      {
        "model.safetensors": undefined,
        s: safetensors({ b: [1] }),
        "model.safetensors.index.json": jsonFile({ weight_map: { a: "s" } }),
      },
      /tensor "a": s does not hold it/,
    ],
  ];

  test.each(broken)("%s", async (_, changes, message) => {
    const opening = openFiles(changed(changes));
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toMatchObject({ code: "MODEL_FILE" });
  });

  test.each([
    ["", /not a Hugging Face id/],
    ["./no/such/dir", /there is no directory .*no.such.dir/],
    ["/no/such/dir", /there is no directory [^;]*$/],
    [
      "/app/node_modules/@a/model-b/model",
      /package @a\/model-b, mark .* folder model-b beside .*bundle-an-app\.md/,
    ],
    ["/out/model-x/model", /package @ripvec\/model-x, .*external/],
    ["a/b/c", /there is no directory/],
    ["..", /config\.json|not a Hugging Face id/],
    ["owner/na--me", /not a Hugging Face id/],
    ["-x", /not a Hugging Face id/],
  ])("no model %j", async (name, message) => {
    await expect(openModel(name)).rejects.toThrow(message);
  });

  test("a file in place of a directory", async () => {
    const directory = await writeFiles(await tempDir(), tinyModel());
    const opening = openModel(join(directory, "model.safetensors"));
    await expect(opening).rejects.toThrow(/is a file; pass the directory/);
    await expect(opening).rejects.toMatchObject({ code: "INPUT" });
  });
});

describe("config_sentence_transformers.json", () => {
  test("prompts and truncate_dim are used only with modules.json, as in sentence-transformers", async () => {
    const { "modules.json": _, ...files } = tinyModel();
    const settings = { truncate_dim: 4, prompts: { query: "q: " }, default_prompt_name: "query" };
    const model = await openFiles({
      ...files,
      "config_sentence_transformers.json": jsonFile(settings),
    });
    expect(model.truncateDim).toBeUndefined();
    expect(resolvePrompt(model)).toBe("");
  });

  test("truncate_dim is passed to the model; null and an absent field mean none", async () => {
    const name = "config_sentence_transformers.json";
    const open = (config: object) => openFiles(changed({ [name]: jsonFile(config) }));
    expect((await open({ truncate_dim: 4 })).truncateDim).toBe(4);
    expect((await open({ truncate_dim: null })).truncateDim).toBeUndefined();
    expect(
      (await open({ similarity_fn_name: "dot", prompts: { a: null, b: "b" } })).prompts,
    ).toEqual({ b: "b" });
  });

  test.each(["CrossEncoder", "SparseEncoder", "MultiVectorEncoder"])(
    "model_type %s",
    async (type) => {
      const config = jsonFile({ model_type: type });
      const opening = openFiles(changed({ "config_sentence_transformers.json": config }));
      await expect(opening).rejects.toMatchObject({ code: "UNSUPPORTED", value: type });
    },
  );
});
