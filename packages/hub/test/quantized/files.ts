import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { elementBytes, type JsonObject } from "@ripvec/core/arch";
import { rawSafetensors } from "@ripvec/driver-testkit";
import type { RepoFiles } from "../hub-server.js";
import { bertConfig, jsonFile, tinyModel } from "../tiny-model.js";

/** 8 bits with a scale for each row, as compressed-tensors 0.20 writes and reads it. */
export const rowQuantization: JsonObject = {
  quant_method: "compressed-tensors",
  format: "int-quantized",
  quantization_status: "compressed",
  dequantize: true,
  config_groups: {
    group_0: {
      targets: ["Linear", "Embedding"],
      weights: { num_bits: 8, type: "int", symmetric: true, strategy: "channel" },
      format: "int-quantized",
    },
  },
};

/** A tensor of a safetensors file; zeros when no bytes are given. */
export interface Stored {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes?: Uint8Array;
}

/** The files that a method wrote for a tiny model; see make-files.py. */
export interface Written {
  readonly config: JsonObject;
  readonly tensors: Readonly<Record<string, readonly [dtype: string, shape: readonly number[]]>>;
}

const folder = new URL("files/", import.meta.url);

export const fileOf = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(name, folder)));

export const jsonOf = <T>(name: string): T => JSON.parse(Buffer.from(fileOf(name)).toString()) as T;

/** The methods whose files are not supported. */
export const methods: readonly string[] = readdirSync(folder)
  .filter((name) => /^[^.]+\.json$/.test(name))
  .map((name) => name.slice(0, -".json".length));

export function safetensorsOf(tensors: Readonly<Record<string, Stored>>): Uint8Array {
  const bodies: Uint8Array[] = [];
  let at = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
    const size = shape.reduce((product, dim) => product * dim, elementBytes.get(dtype) ?? 1);
    bodies.push(bytes ?? new Uint8Array(size));
    const from = at;
    at += size;
    return [name, { dtype, shape, data_offsets: [from, at] }] as const;
  });
  return rawSafetensors(JSON.stringify(Object.fromEntries(entries)), bodies);
}

/** The tiny model with another config.json and the weights of `files`. */
export function tinyWith(config: JsonObject, files: RepoFiles): RepoFiles {
  const { "model.safetensors": _, "pytorch_model.bin": __, ...others } = tinyModel();
  return { ...others, "config.json": jsonFile({ ...bertConfig, ...config }), ...files };
}
