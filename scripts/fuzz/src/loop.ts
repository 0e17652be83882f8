import type { Coverage } from "./coverage.js";
import { minimise, minimiseJson } from "./minimise.js";
import { type Material, mutateBytes } from "./mutate-bytes.js";
import { mutateJson } from "./mutate-json.js";
import { type Fault, judge } from "./oracle.js";
import type { Random } from "./random.js";
import type { Target } from "./target.js";

/** Receives the events of a run. */
export interface Events {
  /** Called before each case with its input, in case the process ends. */
  starts(input: Uint8Array): void;
  /** Called with an input that reached new code. */
  isNew(input: Uint8Array): void;
  found(fault: Fault, input: Uint8Array): void;
}

export interface Bounds {
  readonly cases: number;
  /** In ms, as of performance.now(). */
  readonly until: number;
}

const defaultMaxBytes = 32_768;
/** The largest input that is changed further. Small inputs run faster and are easier to understand. */
const maxParentBytes = 200_000;

/** Runs any number of cases of one target, and changes inputs that reached new code further. */
export class Loop {
  readonly #inputs: Uint8Array[] = [];
  readonly #known = new Set<string>();
  cases = 0;
  faults = 0;

  constructor(
    readonly target: Target,
    readonly random: Random,
    readonly coverage: Coverage,
    readonly words: readonly string[],
    readonly events: Events,
  ) {}

  get inputs(): readonly Uint8Array[] {
    return this.#inputs;
  }

  /** Adds inputs to change. */
  add(inputs: readonly Uint8Array[]): void {
    this.#inputs.push(...inputs);
  }

  /** Adds inputs, and also reads them unchanged. */
  async replay(inputs: readonly Uint8Array[]): Promise<void> {
    this.add(inputs);
    for (const input of inputs) {
      await this.#judge(input);
      this.coverage.add();
    }
  }

  /** Makes cases from the inputs so far. */
  async run({ cases, until }: Bounds): Promise<void> {
    if (this.#inputs.length === 0) this.#inputs.push(Buffer.from("{}"));
    const material: Material = { others: this.#inputs, words: this.words };
    for (let left = cases; left > 0 && performance.now() < until; left -= 1) {
      const input = this.#change(this.#parent(), material);
      const fault = await this.#judge(input);
      if (fault || !this.coverage.add()) continue;
      if (input.length <= maxParentBytes) this.#inputs.push(input);
      this.events.isNew(input);
    }
  }

  /** Every second input is one of the newest, which have not been changed yet. */
  #parent(): Uint8Array {
    const newest = Math.min(this.#inputs.length, 32);
    const from = this.random.oneIn(2) ? this.#inputs.length - newest : 0;
    return this.#inputs[from + this.random.below(this.#inputs.length - from)] ?? new Uint8Array();
  }

  #change(input: Uint8Array, material: Material): Uint8Array {
    const { kind, maxBytes = defaultMaxBytes } = this.target;
    const change = kind === "json" ? mutateJson : mutateBytes;
    const changed = change(input, this.random, material);
    return changed.length <= maxBytes || this.random.oneIn(200)
      ? changed.subarray(0, 1 << 20)
      : changed.subarray(0, maxBytes);
  }

  async #judge(input: Uint8Array): Promise<Fault | undefined> {
    this.cases += 1;
    this.events.starts(input);
    this.coverage.reset();
    const fault = await judge(this.target, input);
    if (fault) {
      this.faults += 1;
      await this.#report(fault, input);
    }
    return fault;
  }

  /** Minimises and reports the first input with a fault. The others are only counted. */
  async #report(fault: Fault, input: Uint8Array): Promise<void> {
    if (this.#known.has(fault.signature)) return;
    this.#known.add(fault.signature);
    const isCheap = fault.kind === "untyped" || fault.kind === "message";
    const shrink = this.target.kind === "json" ? minimiseJson : minimise;
    const same = async (bytes: Uint8Array) =>
      (await judge(this.target, bytes))?.signature === fault.signature;
    this.events.found(fault, isCheap ? await shrink(input, same) : input);
  }
}
