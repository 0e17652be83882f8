import type { JsonObject } from "@ripvec/core/arch";
import { type AddedToken, completeToken } from "./added-token.js";
import type { ModelVocabulary } from "./model-vocabulary.js";

/**
 * The added tokens of a tokenizer and their ids, assigned as the Rust library does: the id of the
 * model's vocabulary when the token is in it, else the next free one. Ids in files are ignored.
 */
export class AddedVocabulary {
  readonly #model: ModelVocabulary;
  readonly #ids = new Map<string, number>();
  readonly #tokens = new Map<number, AddedToken>();
  readonly #special = new Set<string>();

  constructor(model: ModelVocabulary) {
    this.#model = model;
  }

  has(content: string): boolean {
    return this.#ids.has(content);
  }

  idOf(content: string): number | undefined {
    return this.#ids.get(content) ?? this.#model.idOf(content);
  }

  /** Adds tokens in order. A token that is already known takes the new flags. */
  add(tokens: Iterable<AddedToken>): void {
    let next = this.#firstFree();
    for (const token of tokens) {
      if (token.content === "") continue;
      const id = this.idOf(token.content) ?? next++;
      this.#ids.set(token.content, id);
      this.#tokens.set(id, completeToken(token));
      if (token.special) this.#special.add(token.content);
    }
  }

  /**
   * Tokens that were special and then took flags that say otherwise: the Rust library still treats
   * them as special.
   */
  get hasDemotedSpecial(): boolean {
    const tokens = [...this.#tokens.values()];
    return tokens.some(({ content, special }) => !special && this.#special.has(content));
  }

  #firstFree(): number {
    const { size } = this.#model;
    if (this.#tokens.size === 0) return size;
    const highest = [...this.#tokens.keys()].reduce((a, b) => Math.max(a, b));
    return highest >= size || size === 0 ? highest + 1 : size;
  }

  /** The value of `added_tokens` for tokenizer.json, by ascending id. */
  toJson(): JsonObject[] {
    return [...this.#tokens]
      .sort(([a], [b]) => a - b)
      .map(([id, token]): JsonObject => ({ id, ...token }));
  }
}
