import { expectVectors } from "../programs.mjs";

export const name = "npm install ripvec: createEmbedder in ES modules and CommonJS";
export const quick = true;

const body = `
async function main() {
  const embedder = await createEmbedder();
  const texts = ["A cat sleeps on the sofa.", "A kitten naps on the couch.", "Interest rates rose."];
  const [cat, kitten, rates] = await embedder.embed(texts);
  const near = embedder.similarity(cat, kitten);
  const far = embedder.similarity(cat, rates);
  await embedder.close();
  console.log(JSON.stringify({ lengths: [cat, kitten, rates].map((v) => v.length), near, far }));
}
main();
`;

const files = {
  "embed.mjs": `import { createEmbedder } from "ripvec";${body}`,
  "embed.cjs": `const { createEmbedder } = require("ripvec");${body}`,
};

export async function run({ app, sh }) {
  const folder = await app({ files, install: ["ripvec"] });
  for (const file of Object.keys(files)) expectVectors(await sh(folder, "node", [file]));
}
