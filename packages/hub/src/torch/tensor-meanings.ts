import { ModelFileError, type RipvecError, UnsupportedError } from "@ripvec/core";
import { quantizedRemedy } from "../quantization.js";
import {
  kindOf,
  PickleDict,
  PickleGlobal,
  PickleTuple,
  type PickleValue,
  TorchStorage,
  TorchTensor,
} from "./pickle-values.js";
import type { PickleMeanings } from "./read-pickle.js";

/** Classes of storages, and safetensors' names of their elements' dtypes. */
const storages: ReadonlyMap<string, string | undefined> = new Map([
  ["torch.FloatStorage", "F32"],
  ["torch.HalfStorage", "F16"],
  ["torch.BFloat16Storage", "BF16"],
  ["torch.DoubleStorage", "F64"],
  ["torch.LongStorage", "I64"],
  ["torch.IntStorage", "I32"],
  ["torch.ShortStorage", "I16"],
  ["torch.CharStorage", "I8"],
  ["torch.ByteStorage", "U8"],
  ["torch.BoolStorage", "BOOL"],
  ["torch.ComplexFloatStorage", "C64"],
  ["torch.storage.UntypedStorage", undefined],
]);

/** Dtypes without a storage class. */
const dtypes: ReadonlyMap<string, string> = new Map([
  ["torch.uint16", "U16"],
  ["torch.uint32", "U32"],
  ["torch.uint64", "U64"],
  ["torch.float8_e4m3fn", "F8_E4M3"],
  ["torch.float8_e5m2", "F8_E5M2"],
  ["torch.float8_e8m0fnu", "F8_E8M0"],
]);

/**
 * Weights have at most four. A pickle can use one shape for many tensors, and each tensor has a
 * copy of it.
 */
const maxDimensions = 16;

type Rebuild = (args: readonly PickleValue[], fail: Fail) => PickleValue;
type Fail = (what: string) => ModelFileError;

const functions: ReadonlyMap<string, Rebuild> = new Map<string, Rebuild>([
  ["collections.OrderedDict", emptyDict],
  ["torch._utils._rebuild_tensor_v2", rebuildTensor],
  ["torch._utils._rebuild_tensor_v3", rebuildTensorOfDtype],
  ["torch._utils._rebuild_parameter", rebuildParameter],
  ["torch._utils._rebuild_parameter_with_state", rebuildParameter],
]);

/**
 * Names that quantised PyTorch tensors need, and names of tensor classes of other libraries, such
 * as torchao and quanto.
 */
const quantized =
  /^torch\.(Q\w*Storage|qu?int\w+|per_\w+_affine\w*|_utils\._rebuild_(qtensor|wrapper_subclass)|_tensor\._rebuild_from_type_v2)$/;

function refuseQuantized(name: string, path: string): RipvecError | undefined {
  if (!quantized.test(name)) return undefined;
  return new UnsupportedError({
    what: `quantised tensors, or tensors of another library's class, in ${path}: it names`,
    value: name,
    supported: [],
    remedy: quantizedRemedy,
  });
}

/** The names that tensors need, as torch.save writes them; all others are refused. */
export function tensorMeanings(path: string): PickleMeanings {
  const fail: Fail = (what) => new ModelFileError(what, { path });
  return {
    isKnown: (name) => functions.has(name) || storages.has(name) || dtypes.has(name),
    call(name, args) {
      const rebuild = functions.get(name);
      if (!rebuild) throw fail(`calls ${name}, which is not a function`);
      return rebuild(args, fail);
    },
    persistent: (id) => readStorage(id, fail),
    refusal: (name) => refuseQuantized(name, path),
  };
}

function emptyDict(args: readonly PickleValue[], fail: Fail): PickleDict {
  if (args.length > 0) throw fail("its pickle is broken: an OrderedDict with arguments");
  return new PickleDict();
}

/**
 * ("storage", class, key, device, elements). The device that it was saved from does not affect the
 * bytes.
 */
function readStorage(id: PickleValue, fail: Fail): TorchStorage {
  const items = id instanceof PickleTuple ? id.items : [];
  const [word, type, key, , elements] = items;
  const isStorage = type instanceof PickleGlobal && storages.has(type.name);
  if (items.length !== 5 || word !== "storage" || !isStorage || typeof key !== "string") {
    throw fail("its pickle is broken: a reference to something other than a storage");
  }
  return new TorchStorage(storages.get(type.name), key, count(elements, fail));
}

/**
 * The arguments are storage, offset, size, strides, requires_grad, hooks, and further ones that are
 * ignored.
 */
function rebuildTensor(args: readonly PickleValue[], fail: Fail): TorchTensor {
  const [storage, offset, shape, strides] = args;
  refuseMetadata(args[6], fail);
  if (!(storage instanceof TorchStorage) || storage.dtype === undefined) {
    throw fail("its pickle is broken: a tensor without a storage of its dtype");
  }
  return tensorOf(storage, storage.dtype, [offset, shape, strides], fail);
}

/** As rebuildTensor, over bytes: the dtype follows the hooks. */
function rebuildTensorOfDtype(args: readonly PickleValue[], fail: Fail): TorchTensor {
  const [storage, offset, shape, strides, , , type] = args;
  refuseMetadata(args[7], fail);
  const dtype = type instanceof PickleGlobal ? dtypes.get(type.name) : undefined;
  if (!(storage instanceof TorchStorage) || dtype === undefined) {
    throw fail(`its pickle is broken: a tensor of dtype ${kindOf(type ?? null)}`);
  }
  return tensorOf(storage, dtype, [offset, shape, strides], fail);
}

function rebuildParameter([data]: readonly PickleValue[], fail: Fail): TorchTensor {
  if (data instanceof TorchTensor) return data;
  throw fail(`its pickle is broken: a parameter made from ${kindOf(data ?? null)}`);
}

/** Flags that say that a view shows the negative or the conjugate of its elements. */
function refuseMetadata(metadata: PickleValue | undefined, fail: Fail): void {
  if (metadata === undefined || metadata === null) return;
  if (metadata instanceof PickleDict && metadata.entries.size === 0) return;
  throw fail("holds a tensor that is a negated or conjugated view of its bytes");
}

function tensorOf(
  storage: TorchStorage,
  dtype: string,
  [offset, shape, strides]: readonly (PickleValue | undefined)[],
  fail: Fail,
): TorchTensor {
  const [dims, steps] = [counts(shape, fail), counts(strides, fail)];
  if (dims.length !== steps.length) {
    throw fail(`its pickle is broken: ${steps.length} strides for ${dims.length} dimensions`);
  }
  return new TorchTensor(storage, dtype, count(offset, fail), dims, steps);
}

function counts(value: PickleValue | undefined, fail: Fail): number[] {
  if (!(value instanceof PickleTuple))
    throw fail("its pickle is broken: a shape that is not a tuple");
  const { length } = value.items;
  if (length > maxDimensions) {
    throw fail(`holds a tensor of ${length} dimensions, the limit is ${maxDimensions}`);
  }
  return value.items.map((item) => count(item, fail));
}

function count(value: PickleValue | undefined, fail: Fail): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw fail(
    `its pickle is broken: expected a whole number of at least 0, got ${typeof value === "number" ? value : kindOf(value ?? null)}`,
  );
}
