import { seededRandom } from "../encodings.js";
import type { ModelFiles } from "../model-files.js";
import { topics } from "../texts/lexicon.js";
import { CheckpointEditor } from "./checkpoint-editor.js";

const drawing = { placeShare: 0.2, seed: 5, topicLength: 0.3, residualShare: 0.3 };

/**
 * A random BERT whose vectors depend on a text's topic, as those of trained models do: the
 * embeddings of a topic's words share a direction besides their own (length about 1), and the
 * layers' contributions to the residual are scaled down, so that the words still show at the end.
 * For mean pooling.
 */
export function withTopics(files: ModelFiles): ModelFiles {
  const editor = new CheckpointEditor(files);
  const idOf = new Map(vocabularyOf(files).map((word, id) => [word, id]));
  const table = "embeddings.word_embeddings.weight";
  const random = seededRandom(drawing.seed);
  for (const { nouns, verbs, adjectives } of topics) {
    const shared = randomVector(editor.shapeOf(table)[1] ?? 0, drawing.topicLength, random);
    for (const word of [...nouns, ...verbs, ...adjectives]) {
      const id = idOf.get(word);
      if (id === undefined) throw new RangeError(`the vocabulary does not have the word ${word}`);
      editor.addToRow(table, id, shared);
    }
  }
  for (const name of ["position", "token_type"]) {
    editor.scaleColumns(`embeddings.${name}_embeddings.weight`, () => drawing.placeShare);
  }
  for (const name of editor.names.filter((each) => /output\.dense\.(weight|bias)$/.test(each))) {
    editor.scaleColumns(name, () => drawing.residualShare);
  }
  return editor.files;
}

function vocabularyOf(files: ModelFiles): string[] {
  const bytes = files.get("vocab.txt");
  if (!bytes) throw new RangeError("the model has no vocab.txt");
  return new TextDecoder().decode(bytes).trimEnd().split("\n");
}

/** A random direction, uniform in every dimension, of the given length. */
function randomVector(dimensions: number, length: number, random: () => number): number[] {
  const vector = Array.from({ length: dimensions }, () => random() - 0.5);
  const norm = Math.hypot(...vector);
  return vector.map((value) => (value * length) / norm);
}
