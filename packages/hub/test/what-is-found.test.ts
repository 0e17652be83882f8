import { execFileSync } from "node:child_process";
import { mkdir, rm, symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openModel as openInBrowser } from "../src/browser.js";
import { openModel } from "../src/index.js";
import { server } from "./browser/tiny-directory.js";
import type { RepoFiles } from "./hub-server.js";
import { cacheDir, hub, name } from "./remote-hub.js";
import { tempDir, writeFiles } from "./temp-dir.js";
import { bertConfig, jsonFile, tinyModel } from "./tiny-model.js";

type Changes = Readonly<Record<string, Uint8Array | undefined>>;

/** The tiny model without optional files, with some files replaced. */
function changed(changes: Changes): RepoFiles {
  const { "pytorch_model.bin": _, "onnx/model.onnx": __, ...rest } = tinyModel();
  const entries = Object.entries({ ...rest, ...changes });
  return Object.fromEntries(
    entries.filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined),
  );
}

const openFiles = async (files: RepoFiles) => openModel(await writeFiles(await tempDir(), files));

const pointer = Buffer.from(
  `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 90868376\n`,
);
const page = Buffer.from("\n<!DOCTYPE html><html><body>Please sign in</body></html>");
const contents: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ["a Git LFS pointer", pointer, /is a Git LFS pointer, .*git lfs pull/],
  ["a web page", page, /is a web page, not the file: a proxy/],
  ["a server's error", Buffer.from('{"error":"Repository not found"}'), /server's error message/],
  ["nothing", Buffer.of(), /is empty: the download was interrupted/],
  ["gzip", gzipSync("{}"), /is compressed with gzip: unpack it/],
  ["Zstandard", Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0), /Zstandard/],
  ["xz", Buffer.from("\xfd7zXZ\0", "latin1"), /is compressed with xz/],
  ["a ZIP archive", Buffer.from("PK\x03\x04........"), /is a ZIP archive/],
  ["HDF5", Buffer.from("\x89HDF\r\n\x1a\n", "latin1"), /is an HDF5 file, as TensorFlow/],
  ["GGUF", Buffer.from("GGUF\x03\0\0\0"), /is a GGUF file, for llama\.cpp/],
];
const places = [
  "config.json",
  "modules.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "1_Pooling/config.json",
  "model.safetensors",
  "2_Dense/model.safetensors",
];

describe.each(contents)("%s in place of a file of the model", (_, body, message) => {
  test.each(places)("%s", async (path) => {
    const expected = {
      code: "MODEL_FILE",
      message: expect.stringMatching(message),
      path: expect.stringMatching(new RegExp(`${path.replace("/", "[\\\\/]")}$`)),
    };
    await expect(openFiles(changed({ [path]: body }))).rejects.toMatchObject(expected);
    // A download from a hub is refused because a page is not a file.
    if (body === page) return;
    hub.push(name, changed({ [path]: body }));
    await expect(openModel(name, { cacheDir })).rejects.toMatchObject(expected);
  });
});

test.each(contents.filter(([kind]) => kind !== "a web page"))(
  "in browsers, %s in place of tokenizer and weights",
  async (_, body, message) => {
    for (const path of ["tokenizer.json", "model.safetensors"]) {
      server.files = changed({ [path]: body });
      await expect(openInBrowser(server.url)).rejects.toMatchObject({
        code: "MODEL_FILE",
        message: expect.stringMatching(message),
        path: server.url + path,
      });
    }
  },
);

describe("without config.json", () => {
  const model = { "config.json": jsonFile({}), "model.safetensors": Buffer.of() };
  const inFolder = (folder: string) =>
    Object.fromEntries(Object.entries(model).map(([path, body]) => [`${folder}/${path}`, body]));

  test.each<[string, RepoFiles, RegExp]>([
    ["an empty folder", {}, /The folder is empty/],
    ["notes", { "notes.txt": Buffer.of(), b: Buffer.of() }, /The folder has only b, notes\.txt$/],
    [
      "models in folders",
      { ...inFolder("small"), ...inFolder("large"), "1_Pooling/config.json": jsonFile({}) },
      /Its subfolders contain models: pass one of .*large, .*small$/,
    ],
    [
      "a folder of a cache",
      { [`snapshots/${"a".repeat(40)}/config.json`]: Buffer.of(), "refs/main": Buffer.of() },
      /in a download cache: pass the model's id \("owner\/name"\), or .*snapshots.a{40}$/,
    ],
    ["weights of another kind", { "model.gguf": Buffer.of() }, /The folder has model\.gguf \(GGUF/],
  ])("%s", async (_, files, message) => {
    const opening = openFiles(files);
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toMatchObject({ code: "MODEL_FILE" });
  });
});

describe("errors about missing files say what to do", () => {
  test.each<[string, Changes, RegExp]>([
    [
      "shards without their index",
      { "model.safetensors": undefined, "model-00001-of-00002.safetensors": Buffer.of() },
      /The folder has the shard model-00001-of-00002\.safetensors.*download the model\.safetensors\.index\.json/,
    ],
    [
      "a shard",
      {
        "model.safetensors": undefined,
        "model.safetensors.index.json": jsonFile({ weight_map: { a: "s" } }),
      },
      /names the shard s, which is missing: download/,
    ],
    [
      "tokenizer and vocabulary",
      { "tokenizer.json": undefined, "vocab.txt": undefined, "sentencepiece.bpe.model": undefined },
      /tokenizer\.json: is missing.*AutoTokenizer\.from_pretrained\(id\)\.save_pretrained/,
    ],
    ["1_Pooling", { "1_Pooling/config.json": undefined }, /modules\.json names a Pooling/],
  ])("%s", async (_, changes, message) => {
    await expect(openFiles(changed(changes))).rejects.toThrow(message);
  });

  test("a dangling link is not a missing file", async () => {
    const directory = await writeFiles(await tempDir(), changed({}));
    await rm(join(directory, "modules.json"));
    await symlink("gone.json", join(directory, "modules.json"));
    const opening = openModel(directory);
    await expect(opening).rejects.toThrow(
      /modules\.json: is a symbolic link to gone\.json, which does not exist/,
    );
    await expect(opening).rejects.toMatchObject({ code: "MODEL_FILE" });
  });
});

test.skipIf(process.platform === "win32")(
  "the error for an unreadable file gives the reason",
  async () => {
    const directory = await writeFiles(await tempDir(), changed({}));
    await rm(join(directory, "config.json"));
    await symlink("config.json", join(directory, "config.json"));
    await expect(openModel(directory)).rejects.toThrow(/config\.json: cannot be read: ELOOP/);
    await symlink("loop", join(directory, "loop"));
    const opening = openModel(join(directory, "loop"));
    await expect(opening).rejects.toThrow(/loop cannot be opened: ELOOP/);
    await expect(opening).rejects.toMatchObject({ code: "INPUT" });
  },
);

describe("paths that are not regular files", () => {
  test.each(places)("%s is a FIFO, a folder, a loop or a device", async (path) => {
    const directory = await writeFiles(await tempDir(), changed({}));
    const place = join(directory, path);
    const kinds: (() => unknown)[] = [
      () => process.platform === "win32" || execFileSync("mkfifo", [place]),
      () => mkdir(place),
      () => symlink(path, place),
      () => symlink("/dev/zero", place),
    ];
    for (const make of kinds) {
      await rm(place, { recursive: true });
      await make();
      await expect(openModel(directory)).rejects.toMatchObject({ code: "MODEL_FILE", path: place });
    }
  });
});

describe("large and hostile JSON", () => {
  /** None of these is read: sparse files of 10 GB that take no space on the disk. */
  test.each(places.filter((path) => path.endsWith(".json")))(
    "%s of 10 GB is refused by its size",
    async (path) => {
      const directory = await writeFiles(await tempDir(), changed({}));
      await truncate(join(directory, path), 10_000_000_000);
      await expect(openModel(directory)).rejects.toThrow(/has 10000000000 bytes, the limit/);
    },
  );

  const nested = (open: string, close: string) =>
    Buffer.from(open.repeat(200_000) + close.repeat(200_000));
  test.each<[string, Uint8Array]>([
    ["lists", nested("[", "]")],
    ["objects", Buffer.from(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`)],
    ["a list in a config", Buffer.from(`{"model_type":${"[".repeat(200)}${"]".repeat(200)}}`)],
  ])("%s with deep nesting", async (_, body) => {
    for (const path of ["config.json", "modules.json", "tokenizer.json", "1_Pooling/config.json"]) {
      await expect(openFiles(changed({ [path]: body }))).rejects.toMatchObject({
        code: "MODEL_FILE",
        message: expect.stringMatching(/more than 100 deep/),
      });
    }
  });

  test.each([
    ["lists", `{"x":[${"[],".repeat(2_100_000)}[]]}`],
    ["numbers", `{"x":[${"1,".repeat(8_100_000)}1]}`],
  ])("more %s than a real file has are refused before parsing", async (_, text) => {
    const opening = openFiles(changed({ "tokenizer.json": Buffer.from(text) }));
    await expect(opening).rejects.toThrow(/tokenizer\.json: has more values than/);
  });

  test("a byte order mark is skipped, and the last of equal keys counts, as in Python", async () => {
    const config = JSON.stringify(bertConfig).replace("{", '\uFEFF{"hidden_size":7,');
    const model = await openFiles(changed({ "config.json": Buffer.from(config) }));
    expect(model.config.hidden_size).toBe(8);
  });

  test("__proto__ is an ordinary key", async () => {
    const hostile = '{"__proto__":{"hidden_size":3,"polluted":true},"constructor":{"prototype":1},';
    const body = (value: unknown) => Buffer.from(JSON.stringify(value).replace("{", hostile));
    const model = await openFiles(
      changed({
        "config.json": body({ model_type: "bert", type_vocab_size: 2 }),
        "sentence_bert_config.json": body({ max_seq_length: 5 }),
        "config_sentence_transformers.json": body({ prompts: { query: "q" } }),
      }),
    );
    expect(model.config.hidden_size).toBeUndefined();
    expect(model.sentenceConfig?.polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each(places.filter((path) => path.endsWith(".json")))("%s in Latin-1", async (path) => {
    const body = Buffer.from('{"a":"é"}', "latin1");
    await expect(openFiles(changed({ [path]: body }))).rejects.toThrow(/is not UTF-8 text/);
  });
});
