import {
  type Capabilities,
  type Encoding,
  GenericBackend,
  type GenericBackendOptions,
} from "@ripvec/core";
import type { LoadedModel } from "@ripvec/core/arch";
import { type ToyLog, toyDriver } from "./toy-driver.js";
import { ToyArch, toyModel } from "./toy-model.js";

export interface ToySetup {
  capabilities?: Partial<Capabilities>;
  loaded?: Partial<LoadedModel>;
  options?: Partial<GenericBackendOptions>;
}

/** A backend over the toy driver and the toy model. */
export async function toyBackend(
  setup: ToySetup = {},
): Promise<{ backend: GenericBackend; log: ToyLog }> {
  const { driver, log } = toyDriver(setup.capabilities);
  const backend = await GenericBackend.create({
    driver,
    arch: new ToyArch(setup.loaded),
    model: toyModel(),
    ...setup.options,
  });
  return { backend, log };
}

export const encoding = (...inputIds: number[]): Encoding => ({ inputIds });

/** `length` tokens, of which the first says which encoding it is. */
export const tokensOf = (id: number, length: number): Encoding =>
  encoding(id, ...new Array<number>(length - 1).fill(0));

/** A promise with its ends outside. */
export function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Holds every pass until released, one by one. */
export class Gate {
  readonly #held: (() => void)[] = [];

  constructor(log: ToyLog) {
    log.answer = (bytes) =>
      new Promise((resolve) => {
        this.#held.push(() => resolve(bytes));
      });
  }

  get held(): number {
    return this.#held.length;
  }

  /** Lets the oldest held pass finish. */
  async release(): Promise<void> {
    while (this.#held.length === 0) await turn();
    this.#held.shift()?.();
    await turn();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Turns until everything that can move has moved. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await turn();
}
