/**
 * The values of a pickle that are supported: data only. Tuples and lists are distinguished, as in
 * Python.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleGlobal
  | TorchStorage
  | TorchTensor;

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

export class PickleList {
  constructor(readonly items: PickleValue[]) {}
}

/** A dict or an OrderedDict. */
export class PickleDict {
  readonly entries: Map<string | number, PickleValue> = new Map();
}

/** A class or function that the pickle names; only its name is kept. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** The bytes of one or several tensors. */
export class TorchStorage {
  constructor(
    /** The dtype in safetensors' spelling; undefined for bytes whose tensors state the dtype. */
    readonly dtype: string | undefined,
    /** The name of its entry is "data/<key>". */
    readonly key: string,
    /** Number of elements of its dtype; of bytes when it has none. */
    readonly elements: number,
  ) {}
}

/** A view of a storage; offset and strides count elements. */
export class TorchTensor {
  constructor(
    readonly storage: TorchStorage,
    readonly dtype: string,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** Describes a value for messages. */
export function kindOf(value: PickleValue): string {
  if (value === null) return "None";
  if (typeof value !== "object") return `a ${typeof value}`;
  if (value instanceof PickleGlobal) return value.name;
  return kinds.find(([type]) => value instanceof type)?.[1] ?? "an object";
}

const kinds = [
  [PickleTuple, "a tuple"],
  [PickleList, "a list"],
  [PickleDict, "a dict"],
  [TorchStorage, "a storage"],
  [TorchTensor, "a tensor"],
] as const;
