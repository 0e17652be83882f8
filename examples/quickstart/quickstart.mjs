import { classicBert } from "@ripvec/arch-classic-bert";
import { embedTexts, GenericBackend } from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { openModel } from "@ripvec/hub";

/**
 * Prints the similarity of each text to the first. Usage: node quickstart.mjs [model directory or
 * Hugging Face id]
 */
const texts = [
  "How do I reset my password?",
  "I forgot my password",
  "The weather is lovely today",
];

const model = await openModel(process.argv[2] ?? "BAAI/bge-small-en-v1.5", { arch: classicBert });
const backend = await GenericBackend.create({ driver: await cpu(), arch: classicBert, model });

let first;
for await (const { text, embedding } of embedTexts(backend, model.tokenizer, texts)) {
  first ??= embedding;
  const score = embedding.reduce((sum, value, i) => sum + value * first[i], 0);
  console.log(score.toFixed(3), text);
}
await backend.close();
