import type { DType } from "./dtype.js";
import { AliasError, ArgumentError, DTypeError, ShapeError, TensorStateError } from "./errors.js";
import { kindOf } from "./kind-of.js";
import type { SequenceLayout } from "./layout.js";
import { type DimExpression, type PreparedRule, prepare } from "./op-rules.js";
import type { AnyArgs, ArgumentChecks, OpSpec } from "./op-spec.js";
import { type Tensor, TensorHandle, type TensorOwner } from "./tensor.js";

/** The state of a recording against which arguments are checked. */
export interface CheckContext {
  /** The pass, and the weights of its driver. Tensors with another owner are refused. */
  readonly owners: readonly TensorOwner[];
  /** Dtypes of activations. */
  readonly dtypes: ReadonlySet<DType>;
  /** The layouts that `ops.layout` of this pass made. */
  readonly layouts: WeakSet<SequenceLayout>;
}

/** Checks the arguments of one call of an op. Kernels rely on it and check nothing. */
export class OpCheck implements ArgumentChecks {
  readonly op: string;
  readonly #names: readonly string[];
  /** The value of each name: from the layout, from an argument, or from the first tensor whose shape has it. */
  readonly #values: (number | undefined)[];
  /** For each name, the rule of the tensor that defined its value. */
  readonly #binders: (PreparedRule | undefined)[];

  private constructor(op: string, names: readonly string[]) {
    this.op = op;
    this.#names = names;
    this.#values = new Array(names.length);
    this.#binders = new Array(names.length);
  }

  /** Throws a RipvecError unless `args` is what `spec` requires. */
  static run<A>(spec: OpSpec<A>, args: A, context: CheckContext): void {
    const { rules, outputs, ids, names, needsLayout } = prepare(spec);
    const check = new OpCheck(spec.name, names);
    if (args == null) check.misuse("args", `must be an object, got ${args}`);
    const any = args as AnyArgs;
    if (needsLayout) check.#layout(any, context);
    if (spec.counts) check.#counts(spec.counts, any);
    check.#tensors(rules, any, context);
    for (const { name, below } of ids) check.#range(name, below, any);
    for (const output of outputs) check.#aliases(spec, output, rules, any);
    spec.check?.(args, check);
  }

  /** The value of a name: a dimension or a numeric argument. */
  dim(name: string): number {
    const value = this.#values[this.#names.indexOf(name)];
    if (value === undefined) this.misuse(name, "has no value: no tensor with it was given");
    return value;
  }

  /** For a wrong shape or number. */
  fail(argument: string, expected: unknown, actual: unknown): never {
    throw new ShapeError({ op: this.op, argument, expected, actual });
  }

  /** For an argument of the wrong kind. */
  misuse(argument: string, reason: string): never {
    throw new ArgumentError({ op: this.op, argument, reason });
  }

  count(name: string, value: unknown): void {
    if (!Number.isSafeInteger(value) || (value as number) < 1) {
      this.fail(name, "a positive whole number", value);
    }
  }

  positive(name: string, value: number): void {
    if (!(value > 0 && Number.isFinite(value))) this.fail(name, "positive and finite", value);
  }

  boolean(name: string, value: unknown): void {
    if (typeof value !== "boolean") this.fail(name, "true or false", value);
  }

  finite(name: string, value: number): void {
    if (!Number.isFinite(value)) this.fail(name, "finite", value);
  }

  /** A window must be even, since key j is visible to query i iff |i − j| ≤ window / 2. */
  window(value: number | undefined): void {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0 && value % 2 === 0)) {
      this.fail("window", "an even whole number", value);
    }
  }

  /** A weight with role `matrix` is stored as [N, K], so a product with it must transpose it. */
  transposedWeight(name: string, tensor: Tensor, transposeB: boolean): void {
    if (tensor instanceof TensorHandle && tensor.role === "matrix" && !transposeB) {
      this.fail("transposeB", `true for the weight ${name}`, transposeB);
    }
  }

  oneOf(name: string, value: unknown, allowed: readonly unknown[]): void {
    if (!allowed.includes(value)) this.fail(name, `one of ${allowed.join(", ")}`, value);
  }

  #counts(counts: readonly string[], args: AnyArgs): void {
    for (const name of counts) {
      const value = args[name];
      this.count(name, value);
      this.#bind(name, value as number);
    }
  }

  #tensors(rules: readonly PreparedRule[], args: AnyArgs, context: CheckContext): void {
    let activationDType: DType | undefined;
    for (const prepared of rules) {
      const { name, rule } = prepared;
      const tensor = args[name];
      if (tensor === undefined && rule.optional) continue;
      if (!(tensor instanceof TensorHandle)) {
        this.misuse(name, `must be a tensor of this driver, got ${kindOf(tensor)}`);
      }
      this.#usable(name, tensor, context.owners);
      this.#role(tensor, prepared);
      if (prepared.isOutput) this.#writable(name, tensor);
      activationDType = this.#dtype(tensor, prepared, context.dtypes, activationDType);
      this.#shape(tensor, prepared);
    }
  }

  #usable(name: string, tensor: TensorHandle, owners: readonly TensorOwner[]): void {
    if (!owners.includes(tensor.owner)) {
      const reason =
        tensor.owner.kind === "pass" && !tensor.owner.alive
          ? "belongs to a pass that has ended"
          : "belongs to another driver or pass";
      this.#failState(name, reason);
    }
    if (!tensor.usable) this.#failState(name, "is used after its scope ended");
  }

  /** Weights are shared, and the range of an i32 input is already known: neither may be written. */
  #writable(argument: string, tensor: TensorHandle): void {
    const isWeight = tensor.owner.kind === "weights";
    if (!isWeight && tensor.range === undefined) return;
    const what = isWeight ? "a weight" : "an input of known range";
    this.#failState(argument, `is ${what} and must not be written`);
  }

  /** Checks a dtype. `seen` is the dtype of the op's activations so far; returns it as known after this tensor. */
  #dtype(
    tensor: TensorHandle,
    { name, rule }: PreparedRule,
    dtypes: ReadonlySet<DType>,
    seen: DType | undefined,
  ): DType | undefined {
    switch (rule.kind) {
      case "any":
      case "anyOutput":
        return seen;
      case "ids":
        if (tensor.dtype !== "i32") this.#failDType(name, tensor, ["i32"]);
        return seen;
      case "f32":
      case "f32Output":
        if (tensor.dtype !== "f32") this.#failDType(name, tensor, ["f32"]);
        return seen;
      case "matrix":
      case "table":
      case "activation":
      case "output": {
        if (tensor.role === rule.kind) return seen;
        const isRight = seen ? tensor.dtype === seen : dtypes.has(tensor.dtype);
        if (!isRight) this.#failDType(name, tensor, seen ? [seen] : [...dtypes]);
        return tensor.dtype;
      }
      default:
        return rule.kind satisfies never;
    }
  }

  #failState(argument: string, reason: string): never {
    throw new TensorStateError({ op: this.op, argument, reason });
  }

  #failDType(argument: string, { dtype }: TensorHandle, expected: readonly DType[]): never {
    throw new DTypeError({ op: this.op, argument, expected, actual: dtype });
  }

  /**
   * A driver may arrange a matrix or a table in memory as it likes, so such a weight is taken only where the rule has
   * its role.
   */
  #role({ role }: TensorHandle, { name, rule }: PreparedRule): void {
    const takesVectors = rule.kind !== "matrix" && rule.kind !== "table";
    if (role === undefined || role === rule.kind || (role === "vector" && takesVectors)) return;
    this.#failState(name, `is a weight with role ${role} and cannot be used here`);
  }

  #shape({ shape }: TensorHandle, prepared: PreparedRule): void {
    const { name, dims } = prepared;
    if (!dims) return;
    let matches = shape.length === dims.length;
    for (let axis = 0; matches && axis < dims.length; axis++) {
      matches = this.#matches(dims[axis] as DimExpression, shape[axis] as number, prepared);
    }
    if (matches) return;
    const expected = dims.map((dim) => this.#explain(dim, prepared));
    this.fail(name, expected, shape);
  }

  /** Compares a dimension with its expression. A name without a value gets `actual`. */
  #matches(dim: DimExpression, actual: number, binder: PreparedRule): boolean {
    const expected = this.#evaluate(dim);
    if (expected !== undefined) return expected === actual;
    const index = this.#names.indexOf(dim.text);
    if (index === -1) this.misuse(dim.text, "has factors without a value");
    this.#values[index] = actual;
    this.#binders[index] = binder;
    return true;
  }

  #evaluate({ constant, factors }: DimExpression): number | undefined {
    let product = constant;
    for (const index of factors) {
      const value = this.#values[index];
      if (value === undefined) return undefined;
      product *= value;
    }
    return product;
  }

  /** The expression with its value, unless that value comes from the tensor that is refused. */
  #explain(dim: DimExpression, prepared: PreparedRule): string {
    const isItsOwn = dim.factors.some((index) => this.#binders[index] === prepared);
    const value = isItsOwn ? undefined : this.#evaluate(dim);
    return value === undefined || String(value) === dim.text ? dim.text : `${dim.text}=${value}`;
  }

  #layout({ layout }: AnyArgs, { layouts, owners }: CheckContext): void {
    if (typeof layout !== "object" || layout === null || !("cuSeqlens" in layout)) {
      this.misuse("layout", `must come from ops.layout, got ${kindOf(layout)}`);
    }
    const { cuSeqlens } = layout;
    if (cuSeqlens instanceof TensorHandle) this.#usable("layout", cuSeqlens, owners);
    if (!layouts.has(layout)) {
      this.misuse("layout", "must come from ops.layout of this pass, got an object made elsewhere");
    }
    this.#bind("batch", layout.batch);
    this.#bind("totalTokens", layout.totalTokens);
    this.#bind("maxSeqLen", layout.maxSeqLen);
  }

  #bind(name: string, value: number): void {
    const index = this.#names.indexOf(name);
    if (index !== -1) this.#values[index] = value;
  }

  #range(name: string, below: string, args: AnyArgs): void {
    const tensor = args[name] as TensorHandle | undefined;
    if (tensor === undefined) return;
    const limit = this.dim(below);
    if (tensor.size === 0) return;
    if (!tensor.range) {
      this.#failState(name, "must come from ops.input, so that its values are known");
    }
    const [min, max] = tensor.range;
    if (min < 0 || max >= limit) {
      this.fail(name, `in 0 … ${limit - 1}`, min < 0 ? min : max);
    }
  }

  /** An output may overlap another tensor only if that is one of `inPlace` and covers the same memory. */
  #aliases<A>(
    spec: OpSpec<A>,
    output: PreparedRule,
    rules: readonly PreparedRule[],
    args: AnyArgs,
  ): void {
    const out = args[output.name] as TensorHandle | undefined;
    if (out === undefined) return;
    for (const { name } of rules) {
      const other = args[name] as TensorHandle | undefined;
      if (!other || name === output.name || !out.overlaps(other)) continue;
      const allowed = spec.inPlace?.includes(name as keyof A & string) && out.coincides(other);
      if (!allowed) throw new AliasError({ op: this.op, output: output.name, argument: name });
    }
  }
}
