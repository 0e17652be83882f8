import { ModelFileError } from "@ripvec/core";
import { readBoolean, readId, readList, readObject, readString, shown } from "./fields.js";
import type { Normalizer, TokenModel } from "./steps.js";
import { TokenFinder } from "./token-finder.js";
import { checkRow, refuseTwice, type StrayIds } from "./vocabulary-ids.js";

/** Finds added tokens in the original text and in the normalised text. */
export interface AddedVocabulary {
  readonly raw: TokenFinder;
  readonly normalized: TokenFinder;
}

/** Real tokenizers have up to about ten thousand. */
const maxAddedTokens = 100_000;

interface AddedToken {
  readonly content: string;
  readonly singleWord: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

/** Properties of the tokenizer that the added tokens depend on. */
export interface AddedVocabularyOptions {
  readonly model: TokenModel;
  readonly normalizer: Normalizer;
  /** Special tokens in a text are treated as text. */
  readonly splitSpecialTokens: boolean;
  readonly strayIds: StrayIds;
  /** Ids must be below this number. */
  readonly rows: number;
}

/**
 * Reads `added_tokens` of tokenizer.json. A token has the id of the model's vocabulary, else the
 * next one after the vocabulary; the id in the file is ignored. Throws ModelFileError for malformed
 * tokens, and for tokens that normalise to nothing or to the same text: the reference does not
 * terminate on the former and picks an arbitrary one of the latter.
 */
export function createAddedVocabulary(
  json: unknown,
  { model, normalizer, splitSpecialTokens, strayIds, rows }: AddedVocabularyOptions,
): AddedVocabulary {
  const list = readList(json, "added_tokens");
  if (list.length > maxAddedTokens) {
    throw new ModelFileError(
      `added_tokens has ${list.length} tokens, the limit is ${maxAddedTokens}`,
    );
  }
  const tokens = list.map(readToken).filter(({ content }) => content !== "");
  const special = new Set(tokens.filter((token) => token.special).map(({ content }) => content));
  const byId = withIds(tokens, model);
  for (const [id, { content }] of byId) {
    const owner = strayIds.get(id) ?? content;
    if (owner !== content) refuseTwice("the file", owner, content, id);
    checkRow("added_tokens", shown(content), id, rows);
  }
  const sought = Array.from(byId, ([id, token]) => ({
    ...token,
    id,
    pattern: token.normalized ? normalizer(token.content) : token.content,
    ignored: splitSpecialTokens && special.has(token.content),
  }));
  const normalized = sought.filter((token) => token.normalized);
  refuseEqual(normalized);
  return {
    raw: new TokenFinder(sought.filter((token) => !token.normalized)),
    normalized: new TokenFinder(normalized),
  };
}

function readToken(json: unknown): AddedToken {
  const token = readObject(json, "each of added_tokens");
  const flag = (name: string) => readBoolean(token[name], `added_tokens: ${name}`);
  const content = readString(token.content, "added_tokens: content");
  readId(token.id, `added_tokens: the id of ${shown(content)}`);
  return {
    content,
    singleWord: flag("single_word"),
    lstrip: flag("lstrip"),
    rstrip: flag("rstrip"),
    normalized: flag("normalized"),
    special: flag("special"),
  };
}

/** The later of two tokens with the same id is kept. */
function withIds(
  tokens: readonly AddedToken[],
  model: TokenModel,
): ReadonlyMap<number, AddedToken> {
  const ids = new Map<string, number>();
  const byId = new Map<number, AddedToken>();
  let next = model.size;
  for (const token of tokens) {
    const id = ids.get(token.content) ?? model.idOf(token.content) ?? next++;
    ids.set(token.content, id);
    byId.set(id, token);
  }
  return byId;
}

function refuseEqual(
  tokens: readonly { readonly content: string; readonly pattern: string }[],
): void {
  const contents = new Map<string, string>();
  for (const { content, pattern } of tokens) {
    if (pattern === "") {
      throw new ModelFileError(
        `added_tokens has ${shown(content)}, which normalises to an empty text`,
      );
    }
    const other = contents.get(pattern);
    if (other !== undefined) {
      throw new ModelFileError(
        `added_tokens has ${shown(other)} and ${shown(content)}, which normalise to the same text`,
      );
    }
    contents.set(pattern, content);
  }
}
