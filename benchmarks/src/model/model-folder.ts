import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type MadeModel, type ModelSpec, makeModel } from "@ripvec/driver-testkit";
import { writeModel } from "@ripvec/driver-testkit/node";
import type { BenchModel, Graph } from "../engines/engine.js";
import { classicBertOnnx } from "../onnx/classic-bert.js";
import { vocabulary } from "../texts/lexicon.js";

/** A random model on disk, with the graphs that engines need, for the duration of a run. */
export class ModelFolder {
  readonly model: BenchModel;
  readonly #parent: string;
  readonly #files: MadeModel["files"];
  readonly #written = new Set<string>();

  private constructor(parent: string, model: BenchModel, files: MadeModel["files"]) {
    this.model = model;
    this.#parent = parent;
    this.#files = files;
  }

  /**
   * Creates it in the system's folder for temporary files. `edit` may change the files before they
   * are written.
   */
  static async create(
    spec: ModelSpec,
    edit: (files: MadeModel["files"]) => MadeModel["files"] = (files) => files,
  ): Promise<ModelFolder> {
    const { files, source } = makeModel({ ...spec, words: vocabulary });
    const edited = edit(files);
    const parent = await mkdtemp(join(tmpdir(), "ripvec-bench-"));
    const model = { directory: join(parent, "model"), pooling: spec.pooling ?? "mean", padId: 0 };
    await writeModel(model.directory, { files: edited, source });
    return new ModelFolder(parent, model, edited);
  }

  /** Writes the graph unless it exists. */
  async write({ path, options }: Graph): Promise<void> {
    if (this.#written.has(path)) return;
    const target = join(this.model.directory, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, classicBertOnnx(this.#files, options));
    this.#written.add(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#parent, { recursive: true, force: true });
  }
}
