import type { Capabilities, Driver, WeightDType } from "@ripvec/core";
import {
  createDriver,
  type DriverImplementation,
  fileRanges,
  sizeOf,
  type TensorRole,
  type WeightView,
} from "@ripvec/core/driver";
import type { NativeAddon, NativeEngine, NativeWeight } from "./addon.js";
import type { NativeStorage } from "./command-stream.js";
import type { LoadedAddon } from "./load-addon.js";
import { withNativeErrors, withWeightErrors } from "./native-errors.js";
import { NativePass, weightOf, weightStorage } from "./native-pass.js";
import type { SharedEngine } from "./shared-engine.js";

export interface NativeDriverParts {
  /** What `loadAddon` returned. */
  readonly loaded: LoadedAddon<NativeAddon>;
  readonly capabilities: Capabilities;
  /** An engine of the addon. The driver owns it, and closes it when the driver and all its clones are closed. */
  readonly engine: NativeEngine;
}

/** Makes a driver of an engine of an addon. Its clones share the engine. */
export function createNativeDriver({ loaded, capabilities, engine }: NativeDriverParts): Driver {
  const { driver, kernels } = loaded;
  const shared = { driver, kernels, native: engine, users: 0, passes: 0 };
  return createDriver(new NativeDriver(shared, capabilities));
}

class NativeDriver implements DriverImplementation<NativeStorage> {
  readonly specVersion = 2;
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly #engine: SharedEngine;
  readonly #spare: NativePass[] = [];

  constructor(engine: SharedEngine, capabilities: Capabilities) {
    this.name = engine.driver;
    this.capabilities = capabilities;
    this.#engine = engine;
    engine.users++;
  }

  createWeight(view: WeightView, role: TensorRole, storage: WeightDType): NativeStorage {
    const files = view.byteLength > 0 ? fileRanges(view) : undefined;
    const usable = files && (role !== "table" || files.length === 1);
    const weight = {
      ...describe(view, role, storage),
      ...(usable ? { files } : { bytes: view.bytes() }),
      ...(view.dtype === "i8" && { scales: view.scales?.bytes() }),
    };
    const facts = { name: view.name, path: files?.[0]?.path };
    const { native } = this.#engine;
    return weightStorage(withWeightErrors(this.name, facts, () => native.createWeight(weight)));
  }

  releaseWeight(storage: NativeStorage): void {
    withNativeErrors(this.name, () => this.#engine.native.releaseWeight(weightOf(storage)));
  }

  beginPass(): NativePass {
    return (
      this.#spare.pop() ?? new NativePass(this.#engine, (finished) => this.#spare.push(finished))
    );
  }

  clone(): NativeDriver {
    return new NativeDriver(this.#engine, this.capabilities);
  }

  async close(): Promise<void> {
    this.#spare.length = 0;
    this.#engine.users--;
    if (this.#engine.users === 0) this.#engine.native.close();
  }
}

/** Core has checked the view: it holds floats, or i8 with scales; a matrix and a table have two dimensions. */
function describe(
  { name, dtype, shape }: WeightView,
  role: TensorRole,
  storage: WeightDType,
): NativeWeight {
  const [rows = 1, cols = 0] = role === "vector" ? [1, sizeOf(shape)] : shape;
  return { name, role, dtype, storage, rows, cols };
}
