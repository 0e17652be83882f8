import { type ArchOptions, GenericBackend } from "@ripvec/core";
import { expectThat } from "../run/conformance-error.js";
import { expectError } from "../suites/contract-helpers.js";
import { expectSameBits } from "../suites/model-suite.js";
import { sourceOf } from "./arch-model.js";
import { type ArchTest, drawTexts, embed, encodingOf, load, refusalOf } from "./subject.js";
import { watched } from "./watched-driver.js";

/** Tests of what a loaded model says of itself, and of what it holds. */
export const modelTests: readonly ArchTest[] = [
  {
    name: "limits are those of the model",
    async run(subject, driver) {
      const { maxTokens, vocabSize, tokenTypes = 1 } = subject.model;
      const loaded = await load(subject, driver);
      for (const [what, actual, expected] of [
        ["maxTokens", loaded.maxTokens, maxTokens],
        ["vocabSize", loaded.vocabSize, vocabSize],
        ["tokenTypes", Math.max(1, loaded.tokenTypes), tokenTypes],
      ]) {
        expectThat(actual === expected, `${what} is ${actual}, expected ${expected}`);
      }
    },
  },
  {
    name: "a text beyond the limits is refused before any compute",
    async run({ arch, model }, driver) {
      const { maxTokens, vocabSize, tokenTypes = 1 } = model;
      const { driver: seen, log } = watched(driver);
      const backend = await GenericBackend.create({ driver: seen, arch, model: sourceOf(model) });
      const { runs } = log;
      const [text = { ids: [], types: [] }] = drawTexts(model, [3]);
      const [long = text] = drawTexts(model, [maxTokens + 1]);
      const beyond = [
        ["an id of vocabSize", { ...text, ids: text.ids.with(1, vocabSize) }, "INPUT"],
        ["a token type of tokenTypes", { ...text, types: text.types.with(1, tokenTypes) }, "INPUT"],
        ["a text of maxTokens + 1", long, "TOO_LONG"],
      ] as const;
      for (const [what, refused, code] of beyond) {
        await expectError(() => backend.embedBatch([refused].map(encodingOf)), code, what);
      }
      expectThat(log.runs === runs, "a pass ran for a text beyond the limits");
    },
  },
  {
    name: "the vectors of the longest text and of the last token type are finite",
    async run({ arch, model }, driver) {
      const { maxTokens, tokenTypes = 1 } = model;
      const backend = await GenericBackend.create({ driver, arch, model: sourceOf(model) });
      const [text = { ids: [], types: [] }] = drawTexts(model, [maxTokens]);
      const last = { ...text, types: text.types.map(() => tokenTypes - 1) };
      // embedBatch rejects a vector that is not finite.
      await backend.embedBatch([text, last].map(encodingOf));
    },
  },
  {
    name: "the signature names pooling and normalisation, and is the same for the same model",
    async run(subject, driver) {
      const signatureOf = async (options: ArchOptions = {}) =>
        (await load(subject, driver, options)).signature;
      const own = await signatureOf();
      expectThat(own === (await signatureOf()), `the signature changes from load to load: ${own}`);
      const choices: readonly ArchOptions[] = [
        { pooling: "cls", normalize: false },
        { pooling: "mean", normalize: false },
        { pooling: "last", normalize: false },
        { pooling: "mean", normalize: true },
      ];
      const chosen: string[] = [];
      for (const options of choices) {
        const isRefused = (await refusalOf(subject, driver, options)) !== undefined;
        if (!isRefused) chosen.push(await signatureOf(options));
      }
      expectThat(new Set(chosen).size === chosen.length, () => {
        return `pooling or normalize does not change the signature: ${chosen.join(", ")}`;
      });
    },
  },
  {
    name: "weights are created by load and by no pass, and all is freed at close",
    async run(subject, driver) {
      const { arch, model } = subject;
      const { driver: seen, log } = watched(driver);
      const backend = await GenericBackend.create({ driver: seen, arch, model: sourceOf(model) });
      const { created } = log;
      expectThat(created > 0, "load created no weight");
      for (let round = 0; round < 3; round++) {
        await backend.embedBatch(drawTexts(model, [2, 3]).map(encodingOf));
      }
      expectThat(log.created === created, () => {
        return `three passes created ${log.created - created} weights`;
      });
      await backend.close();
      expectThat(driver.closed, "the driver is open after its backend was closed");
      const open = log.clones.filter(({ closed }) => !closed).length;
      expectThat(open === 0, `the architecture left ${open} clones of the driver open`);
    },
  },
  {
    name: "two models on one driver do not affect each other",
    async run(subject, driver) {
      const texts = drawTexts(subject.model, [2, 3]);
      const first = await load(subject, driver);
      const [want] = await embed(driver, first, texts);
      const second = await load(subject, driver);
      const [other] = await embed(driver, second, texts);
      const [again] = await embed(driver, first, texts);
      for (const got of [other, again]) {
        expectSameBits(got, want, "after the model was loaded again");
      }
    },
  },
];
