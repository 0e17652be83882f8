import { createEmbedder } from "ripvec";

/**
 * Prints the similarity of each text to the first. Usage: node quickstart.mjs [model directory or
 * Hugging Face id]; without an argument, the built-in model.
 */
const texts = [
  "How do I reset my password?",
  "I forgot my password",
  "The weather is lovely today",
];

const embedder = await createEmbedder(process.argv[2]);
const vectors = await embedder.embed(texts);
for (const [i, vector] of vectors.entries())
  console.log(embedder.similarity(vectors[0], vector).toFixed(3), texts[i]);
await embedder.close();
