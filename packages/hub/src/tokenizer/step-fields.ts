/** The fields of one step of tokenizer.json, read by name. Errors name the step and the field. */
export interface StepFields {
  readonly type: string;
  flag(name: string): boolean;
  optionalFlag(name: string): boolean | undefined;
  text(name: string): string;
  /** A text of one character. */
  character(name: string): string;
  count(name: string, absent: number): number;
  list(name: string): readonly unknown[];
  choice<T extends string>(name: string, choices: readonly T[], absent?: T): T;
  /** `{ "String": … }` or `{ "Regex": … }` */
  pattern(name: string): StepPattern;
  readonly error: (message: string) => Error;
}

export interface StepPattern {
  readonly source: string;
  readonly isRegex: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Throws when the JSON is no step at all; `kind` is what it should be, for messages. */
export function readStep(json: unknown, kind: string): StepFields {
  if (!isObject(json)) throw new Error(`a ${kind} must be an object`);
  const { type } = json;
  if (typeof type !== "string") throw new Error(`a ${kind} has no type`);
  const error = (message: string): Error => new Error(`${kind} ${type}: ${message}`);
  const wrong = (name: string, what: string): Error => error(`"${name}" must be ${what}`);
  const text = (name: string): string => {
    const value = json[name];
    if (typeof value !== "string") throw wrong(name, "a string");
    return value;
  };
  const optionalFlag = (name: string): boolean | undefined => {
    const value = json[name] ?? undefined;
    if (value !== undefined && typeof value !== "boolean") throw wrong(name, "true or false");
    return value;
  };
  return {
    type,
    error,
    text,
    optionalFlag,
    flag: (name) => {
      const value = optionalFlag(name);
      if (value === undefined) throw wrong(name, "true or false");
      return value;
    },
    character: (name) => {
      const value = text(name);
      if (Array.from(value).length !== 1) throw wrong(name, "one character");
      return value;
    },
    count: (name, absent) => {
      const value = name in json ? json[name] : absent;
      if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
      throw wrong(name, "a positive integer");
    },
    list: (name) => {
      const value = json[name];
      if (!Array.isArray(value)) throw wrong(name, "a list");
      return value;
    },
    choice: (name, choices, absent) => {
      const value = name in json ? json[name] : absent;
      const chosen = choices.find((choice) => choice === value);
      if (chosen === undefined) throw wrong(name, `one of ${choices.join(", ")}`);
      return chosen;
    },
    pattern: (name) => readPattern(json[name], () => wrong(name, "{ String } or { Regex }")),
  };
}

function readPattern(value: unknown, wrong: () => Error): StepPattern {
  if (isObject(value) && Object.keys(value).length === 1) {
    if (typeof value.String === "string") return { source: value.String, isRegex: false };
    if (typeof value.Regex === "string") return { source: value.Regex, isRegex: true };
  }
  throw wrong();
}
