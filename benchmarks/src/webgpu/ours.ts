import { classicBert } from "@ripvec/arch-classic-bert";
import { GenericBackend, type WeightDType } from "@ripvec/core";
import { webgpu } from "@ripvec/driver-webgpu";
import { openBareModel } from "../engines/bare-model.js";
import type { BenchModel, Engine } from "../engines/engine.js";
import { requestAdapter } from "./adapters.js";
import type { CallLog } from "./call-log.js";
import { CallCounter } from "./calls.js";

interface OursOptions {
  /** Name in the call log. */
  readonly name: string;
  readonly dtype: WeightDType;
  readonly callLog: CallLog;
}

/** Opens the engine on its own device. */
export async function openOurs(
  { directory, pooling }: BenchModel,
  { name, dtype, callLog }: OursOptions,
): Promise<Engine> {
  const adapter = await requestAdapter();
  const counter = new CallCounter(adapter);
  const backend = await GenericBackend.create({
    driver: await webgpu({ adapter }),
    arch: classicBert,
    model: openBareModel(directory),
    pooling,
    normalize: true,
    dtype,
  });
  return {
    async embed(input) {
      if (input.kind !== "ids") throw new TypeError("this engine accepts only token ids");
      counter.take();
      const vectors = await backend.embedBatch(input.encodings);
      callLog.set(name, counter.take());
      return vectors;
    },
    close: () => backend.close(),
  };
}
