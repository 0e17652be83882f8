import { ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { isJsonObject } from "../model-files.js";
import { readId, shown } from "../tokenizer/fields.js";
import { type AddedToken, isTypedToken, plainToken, readAddedToken } from "./added-token.js";
import { type Role, roles, type TokenizerClass } from "./tokenizer-class.js";
import type { TokenizerFiles } from "./tokenizer-files.js";

/** A token given by its text alone, or with flags. */
export type TokenName = string | AddedToken;

export const contentOf = (token: TokenName): string =>
  typeof token === "string" ? token : token.content;

export interface SpecialTokens {
  /** The tokens by role, then by the names that the model gave; null: not set. */
  readonly named: ReadonlyMap<string, TokenName | null>;
  readonly extra: readonly TokenName[];
  /** The added tokens of the files with their flags, by ascending id. */
  readonly added: readonly AddedToken[];
}

type Settings = Record<string, unknown>;
const isRole = (key: string): key is Role => roles.some((role) => role === key);

/**
 * The special and added tokens of a model: those of tokenizer_config.json and, unless that has an
 * added_tokens_decoder, also those of special_tokens_map.json, added_tokens.json and
 * tokenizer.json, merged as in transformers 5. The class supplies the others.
 */
export function readSpecialTokens(files: TokenizerFiles, by: TokenizerClass): SpecialTokens {
  const place = files.locate("tokenizer_config.json");
  const settings: Settings = { ...files.tokenizerConfig };
  const modelNames = takeModelNames(settings);
  const hasDecoder = settings.added_tokens_decoder !== undefined;
  const added = hasDecoder
    ? readDecoder(settings.added_tokens_decoder, place)
    : readLegacyTokens(settings, mergeSpecialTokensMap(settings, modelNames, files), files);
  const named = readRoles(settings, by, added, place);
  for (const [key, value] of [
    ...Object.entries(settings).filter(isOwnName),
    ...Object.entries(modelNames),
  ]) {
    named.set(key, readTokenName(value, key, place));
  }
  const extra = readExtraTokens(settings, by, place);
  return { named, extra, added: [...added].sort(([a], [b]) => a - b).map(([, token]) => token) };
}

/**
 * A named token takes the flags that the files give it. A token that only the class names does not.
 */
function readRoles(
  settings: Settings,
  by: TokenizerClass,
  added: ReadonlyMap<number, AddedToken>,
  place: string,
): Map<string, TokenName | null> {
  const withFlags = new Map([...added.values()].map((token) => [token.content, token]));
  const named = new Map<string, TokenName | null>();
  for (const role of roles) {
    const given = settings[role];
    if (given === null) {
      if (by.required.includes(role)) {
        throw new ModelFileError(`${role} must not be null`, { path: place });
      }
      named.set(role, null);
    } else if (given !== undefined) {
      const token = readTokenName(given, role, place);
      named.set(role, withFlags.get(contentOf(token)) ?? ofRole(token, role, by));
    } else {
      const token = by.specialTokens[role];
      if (token !== undefined) named.set(role, ofRole(token, role, by));
    }
  }
  return named;
}

/**
 * Some classes give flags to tokens that are given by their text alone: a mask takes the white
 * space before it.
 */
function ofRole(token: TokenName, role: Role, by: TokenizerClass): TokenName {
  if (typeof token !== "string") return token;
  const pipeline = by.settingsOf ?? by.pipeline;
  if (pipeline === "mpnet") return plainToken(token, { lstrip: role === "mask_token" });
  const isMask = pipeline === "camembert" && role === "mask_token";
  return isMask ? plainToken(token, { special: true, lstrip: true }) : token;
}

/** The named tokens that came with flags, or in special_tokens_map.json. */
const isOwnName = ([key, value]: [string, unknown]): boolean =>
  key.endsWith("_token") && !isRole(key) && (typeof value === "string" || isTypedToken(value));

/**
 * Named tokens besides those of the roles: keys that end in "_token", and extra_special_tokens
 * where it is an object.
 */
function takeModelNames(settings: Settings): Settings {
  if (settings.additional_special_tokens !== undefined && isEmpty(settings.extra_special_tokens)) {
    settings.extra_special_tokens = settings.additional_special_tokens;
    delete settings.additional_special_tokens;
  }
  const names: Settings = {};
  for (const [key, value] of Object.entries(settings)) {
    if (!key.endsWith("_token") || isRole(key) || typeof value !== "string") continue;
    names[key] = value;
    delete settings[key];
  }
  takeExtraNames(settings, names);
  const saved = settings.model_specific_special_tokens;
  return Object.keys(names).length === 0 && isJsonObject(saved) ? { ...saved } : names;
}

function takeExtraNames(settings: Settings, names: Settings): void {
  const extra = settings.extra_special_tokens;
  if (!isJsonObject(extra)) return;
  Object.assign(names, extra);
  delete settings.extra_special_tokens;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0);

/**
 * Merges the tokens of special_tokens_map.json into the settings, and returns those that came with
 * flags.
 */
function mergeSpecialTokensMap(
  settings: Settings,
  names: Settings,
  files: TokenizerFiles,
): Set<unknown> {
  const withFlags = new Set<unknown>();
  const typed = (value: JsonObject): JsonObject => {
    const token = { ...readAddedToken(value, place), special: true, __type: "AddedToken" };
    withFlags.add(token);
    return token;
  };
  const place = files.locate("special_tokens_map.json");
  for (const [key, value] of Object.entries(files.specialTokensMap ?? {})) {
    if (/^(additional|extra)_special_tokens$/.test(key)) refuseObjects(key, value, place);
    if (key === "extra_special_tokens" && Array.isArray(value)) {
      settings[key] = mergeExtra(
        settings[key],
        value.map((token) => (isJsonObject(token) ? typed(token) : token)),
      );
    } else {
      const isToken = isJsonObject(value) && key !== "extra_special_tokens";
      settings[key] = isToken ? typed(value) : value;
    }
  }
  takeExtraNames(settings, names);
  return withFlags;
}

/** Lists of tokens on which transformers 5 fails too. */
function refuseObjects(key: string, value: unknown, path: string): void {
  const bad = (token: unknown): boolean =>
    isJsonObject(token) &&
    (key === "extra_special_tokens" ? token.special !== undefined : !isTypedToken(token));
  if (!Array.isArray(value) || !value.some(bad)) return;
  throw new ModelFileError(
    `its ${key} must be strings: name tokens with flags in added_tokens_decoder of tokenizer_config.json`,
    { path },
  );
}

function mergeExtra(known: unknown, more: readonly unknown[]): unknown[] {
  const tokens: unknown[] = Array.isArray(known) ? [...known] : [];
  for (const token of more) if (!tokens.includes(token)) tokens.push(token);
  return tokens;
}

function readDecoder(decoder: unknown, place: string): Map<number, AddedToken> {
  if (!isJsonObject(decoder)) {
    throw new ModelFileError("added_tokens_decoder must be an object", { path: place });
  }
  return new Map(
    Object.entries(decoder).map(([name, json]) => {
      const token = readAddedToken(json, place);
      const id = /^\d+$/.test(name) ? Number(name) : name;
      return [readStatedId(id, token.content, place), token];
    }),
  );
}

/**
 * An id that a file states. Throws ModelFileError that names the file and the token unless it is a
 * whole number.
 */
function readStatedId(id: unknown, content: unknown, path: string): number {
  try {
    return readId(id, `the id of the added token ${shown(content)}`);
  } catch (cause) {
    throw new ModelFileError(cause instanceof Error ? cause.message : "", { path, cause });
  }
}

/**
 * The tokens of files of older versions: added_tokens.json, and `added_tokens` of tokenizer.json. A
 * token of the former is special when special_tokens_map.json names it by a string or an object, or
 * tokenizer_config.json by a string; an object of tokenizer_config.json does not count, because
 * transformers has not read it at this point.
 */
function readLegacyTokens(
  settings: Settings,
  ofMap: ReadonlySet<unknown>,
  files: TokenizerFiles,
): Map<number, AddedToken> {
  const tokens = new Map<number, AddedToken>();
  const textOf = (value: unknown): unknown =>
    isJsonObject(value) && ofMap.has(value) ? value.content : value;
  const special = new Set<unknown>(roles.map((role) => textOf(settings[role])));
  const extra = settings.extra_special_tokens;
  if (Array.isArray(extra)) for (const token of extra) special.add(textOf(token));
  const addedTokens = files.locate("added_tokens.json");
  for (const [content, id] of Object.entries(files.addedTokens ?? {})) {
    const isSpecial = special.has(content);
    tokens.set(
      readStatedId(id, content, addedTokens),
      plainToken(content, { normalized: !isSpecial, special: isSpecial }),
    );
  }
  const { vocabulary } = files;
  if (vocabulary.kind !== "tokenizer.json") return tokens;
  const place = files.locate("tokenizer.json");
  for (const token of listOfTokens(vocabulary.json, place)) {
    tokens.set(Number(token.id), readAddedToken(token, place));
  }
  return tokens;
}

/** `added_tokens` of tokenizer.json. */
export function listOfTokens(json: JsonObject, place: string): JsonObject[] {
  const tokens = json.added_tokens ?? [];
  if (!Array.isArray(tokens) || !tokens.every(isJsonObject)) {
    throw new ModelFileError("added_tokens must be a list of tokens", { path: place });
  }
  for (const { id, content } of tokens) readStatedId(id, content, place);
  return tokens;
}

function readExtraTokens(settings: Settings, by: TokenizerClass, place: string): TokenName[] {
  const { extra_special_tokens: extra, additional_special_tokens: additional } = settings;
  const isCamembert = (by.settingsOf ?? by.pipeline) === "camembert";
  const unnamed = isCamembert ? camembertTokens : [];
  const tokens = (extra === undefined ? (additional ?? unnamed) : extra) ?? [];
  if (!Array.isArray(tokens)) {
    throw new ModelFileError("extra_special_tokens must be a list", { path: place });
  }
  return tokens.map((token) => readTokenName(token, "extra_special_tokens", place));
}

/** CamembertTokenizer reserves these unless the files name extra tokens. */
const camembertTokens = ["<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"];

function readTokenName(value: unknown, key: string, place: string): TokenName {
  if (typeof value === "string") return value;
  if (isTypedToken(value)) return readAddedToken(value, place);
  throw new ModelFileError(
    `${key} must be a string or an object with "__type": "AddedToken", got ${JSON.stringify(value)}`,
    { path: place },
  );
}
