import { UnsupportedError } from "@ripvec/core";
import type { ModelDescription } from "@ripvec/core/arch";

export type ModuleKind =
  | "Dense"
  | "Dropout"
  | "LayerNorm"
  | "Normalize"
  | "Pooling"
  | "Transformer";

const kinds: readonly ModuleKind[] = [
  "Transformer",
  "Pooling",
  "Dense",
  "LayerNorm",
  "Dropout",
  "Normalize",
];

/** Modules of sentence-transformers that are not computed here, and what they do. */
const refused: ReadonlyMap<string, string> = new Map([
  ["Asym", "it routes texts through different modules"],
  ["BoW", "it counts words and has no encoder"],
  ["CLIPModel", "it is a model of images and texts"],
  ["CNN", "it is a convolution over tokens"],
  ["LSTM", "it is a recurrent network over tokens"],
  ["MLMTransformer", "it makes sparse vectors"],
  ["Router", "it routes texts through different modules"],
  ["SparseAutoEncoder", "it makes sparse vectors"],
  ["SparseStaticEmbedding", "it makes sparse vectors"],
  ["SpladePooling", "it makes sparse vectors"],
  ["StaticEmbedding", "it is a table of token vectors, as of Model2Vec, and no encoder"],
  ["WeightedLayerPooling", "it weights all layers of the encoder"],
  ["WordEmbeddings", "it is a table of word vectors and no encoder"],
  ["WordWeights", "it weights tokens by their words"],
]);

/** A module of modules.json whose kind is known. */
export interface KnownModule {
  readonly kind: ModuleKind;
  /** Its place in modules.json, from 0. */
  readonly index: number;
  readonly path: string;
  readonly config: { readonly [key: string]: unknown };
}

/**
 * The kinds of a model's modules. They are recognised by the name of the package and of the class alone, since newer
 * versions of sentence-transformers moved the classes to other modules. Throws UnsupportedError for any other kind.
 */
export function knownModules({ modules = [] }: ModelDescription): readonly KnownModule[] {
  return modules.map(({ type, path, config }, index) => {
    const [library, ...names] = type.split(".");
    const name = names.at(-1);
    const kind = kinds.find((each) => each === name);
    if (kind && library === "sentence_transformers") return { kind, index, path, config };
    const why = refused.get(name ?? "");
    throw new UnsupportedError({
      what: why ? `module in modules.json (${why})` : "module in modules.json",
      value: type,
      supported: kinds.map((each) => `sentence_transformers.models.${each}`),
    });
  });
}
