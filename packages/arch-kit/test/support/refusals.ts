import type { ArchOptions, ModelArch, ModelSource } from "@ripvec/core";
import { expect } from "vitest";
import { nullDriver } from "./null-driver.js";

export interface Refusals {
  /** The error of a load that must fail before it creates a single weight: that of `check`, if `check` throws. */
  refusal(source: ModelSource, options?: ArchOptions): Promise<unknown>;
  /** The error of a refusal that needs no weights. */
  earlyRefusal(source: ModelSource, options?: ArchOptions): Promise<unknown>;
}

export function refusalsOf(arch: ModelArch): Refusals {
  async function refusal(source: ModelSource, options: ArchOptions = {}): Promise<unknown> {
    const early = checked(arch, source, options);
    const { driver, log } = nullDriver();
    const error = await arch.load(driver, source, options).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(log.weights).toBe(0);
    if (early !== undefined) expect(error).toEqual(early);
    return error;
  }
  async function earlyRefusal(source: ModelSource, options: ArchOptions = {}): Promise<unknown> {
    expect(checked(arch, source, options)).toBeDefined();
    return refusal(source, options);
  }
  return { refusal, earlyRefusal };
}

/** What `check` throws for the model without its weights. */
function checked(
  arch: ModelArch,
  { modules, id, config, sentenceConfig }: ModelSource,
  options: ArchOptions,
): unknown {
  const described = modules?.map(({ type, path, config }) => ({ type, path, config }));
  try {
    arch.check?.({ id, config, sentenceConfig, modules: described }, options);
    return undefined;
  } catch (error) {
    return error;
  }
}

export interface Expected {
  readonly code: string;
  readonly what?: unknown;
  readonly value?: unknown;
  readonly message?: unknown;
}

export const unsupported = (what: string, value: unknown): Expected => ({
  code: "UNSUPPORTED",
  what: expect.stringContaining(what),
  value,
});

export const badFile = (message: string): Expected => ({
  code: "MODEL_FILE",
  message: expect.stringContaining(message),
});
