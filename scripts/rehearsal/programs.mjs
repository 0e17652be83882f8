/** The packages of an app that composes a backend for the CPU with the model that needs no network. */
export const packagesOfCpu = [
  "@ripvec/core",
  "@ripvec/driver-cpu",
  "@ripvec/arch-classic-bert",
  "@ripvec/hub",
  "@ripvec/model-all-minilm-l6-v2",
];

const parts = [
  ["{ embedTexts, GenericBackend }", "@ripvec/core"],
  ["{ cpu }", "@ripvec/driver-cpu"],
  ["{ classicBert }", "@ripvec/arch-classic-bert"],
  ["{ openModel }", "@ripvec/hub"],
  ["{ directory }", "@ripvec/model-all-minilm-l6-v2"],
];

/** A program that embeds three texts and prints the lengths of the vectors and two similarities as JSON. */
export function composed(form) {
  const load = {
    import: ([names, from]) => `import ${names} from "${from}";`,
    require: ([names, from]) => `const ${names} = require("${from}");`,
  }[form];
  return `${parts.map(load).join("\n")}
async function main() {
  const model = await openModel(directory, { arch: classicBert });
  const backend = await GenericBackend.create({ driver: await cpu(), arch: classicBert, model });
  const texts = ["A cat sleeps on the sofa.", "A kitten naps on the couch.", "Interest rates rose."];
  const vectors = [];
  for await (const { embedding } of embedTexts(backend, model.tokenizer, texts)) vectors.push(embedding);
  await backend.close();
  const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const [cat, kitten, rates] = vectors;
  console.log(JSON.stringify({ lengths: vectors.map((v) => v.length), near: dot(cat, kitten), far: dot(cat, rates) }));
}
main();
`;
}

/** The similarities that sentence-transformers computes for the original all-MiniLM-L6-v2 in f32. Ours is in 8 bits. */
const expected = { near: 0.7629, far: 0.0001 };
const tolerance = 0.03;

/** Checks what such a program printed last. */
export function expectVectors(printed) {
  const { lengths, ...similarities } = JSON.parse(printed.trim().split("\n").at(-1));
  const isRight =
    lengths.join() === "384,384,384" &&
    Object.entries(expected).every(
      ([key, value]) => Math.abs(similarities[key] - value) < tolerance,
    );
  if (!isRight) throw new Error(`unexpected vectors: ${printed}`);
}
