import { DeviceError } from "@ripvec/core";
import { expect, test } from "vitest";
import type { NativeEngine, NativePart, PassHandle } from "../src/addon.js";
import { NativePass } from "../src/native-pass.js";
import type { SharedEngine } from "../src/shared-engine.js";

/** An engine that has the given methods only. */
const engineOf = (native: Partial<NativeEngine>): SharedEngine => ({
  driver: "toy",
  native: native as NativeEngine,
  kernels: [],
  users: 1,
  passes: 0,
});

test("a pass that the engine refuses is abandoned, so that later passes run", async () => {
  const calls: string[] = [];
  const refuse = (): never => {
    throw Object.assign(new Error("refused"), { code: "DEVICE" });
  };
  const engine = engineOf({
    begin: () => ({}) as PassHandle,
    feed: refuse,
    submit: refuse,
    abandon: () => calls.push("abandon"),
  });
  const pass = new NativePass(engine, () => calls.push("done"));
  expect(() => pass.flush()).toThrow(DeviceError);
  await expect(pass.submit(pass.alloc(4), 4)).rejects.toThrow(DeviceError);
  expect(calls).toEqual(["abandon", "done"]);
  expect(engine.passes).toBe(0);
});

test("a pass that is recorded while another is in flight is handed over as a whole", async () => {
  const calls: string[] = [];
  let finish = (_: ArrayBuffer): void => {};
  const engine = engineOf({
    begin: () => ({}) as PassHandle,
    feed: (_, { commands }: NativePart) => calls.push(`feed ${commands.length}`),
    submit: (_, { commands }: NativePart) => {
      calls.push(`submit ${commands.length}`);
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
  });
  const record = () => {
    const pass = new NativePass(engine, () => {});
    const block = pass.alloc(4);
    pass.fill(block, 4, 0x00);
    pass.flush();
    pass.fill(block, 4, 0x00);
    return pass.submit(block, 4);
  };
  const first = record();
  const finishFirst = finish;
  const second = record();
  finishFirst(new ArrayBuffer(4));
  await first;
  finish(new ArrayBuffer(4));
  await second;
  void record();
  expect(calls).toEqual(["feed 6", "submit 6", "submit 12", "feed 6", "submit 6"]);
});
