import { isOutput, type OpSpec, type TensorRule } from "./op-spec.js";

/** The parsed expression of a dimension: the product of a constant and of named factors. */
export interface DimExpression {
  readonly text: string;
  readonly constant: number;
  /** The named factors, as indices in `PreparedSpec.names`. */
  readonly factors: readonly number[];
}

/** The rule of a tensor argument with its parsed shape. */
export interface PreparedRule {
  readonly name: string;
  readonly rule: TensorRule;
  readonly isOutput: boolean;
  /** Absent: any shape. */
  readonly dims: readonly DimExpression[] | undefined;
}

/** What `OpCheck` needs of a spec. */
export interface PreparedSpec {
  readonly rules: readonly PreparedRule[];
  /** The rules of the tensors that the op writes. */
  readonly outputs: readonly PreparedRule[];
  /** Tensors of ids, and the dimensions that they index. */
  readonly ids: readonly { readonly name: string; readonly below: string }[];
  /** Every name in the shapes, once. */
  readonly names: readonly string[];
  /** Whether the shapes have `totalTokens` or `maxSeqLen`, which only a layout defines. */
  readonly needsLayout: boolean;
}

const prepared = new WeakMap<object, PreparedSpec>();

/** Parses the rules of a spec at the first call, and returns the same object afterwards. */
export function prepare<A>(spec: OpSpec<A>): PreparedSpec {
  const known = prepared.get(spec);
  if (known) return known;
  const entries = Object.entries(spec.tensors) as [string, TensorRule][];
  const factors = entries.flatMap(([, { shape }]) => shape.flatMap(factorsOf));
  const names = [...new Set(factors.filter((factor) => factor !== anyShape && !isNumber(factor)))];
  const rules = entries.map(([name, rule]) => ({
    name,
    rule,
    isOutput: isOutput(rule),
    dims: rule.shape[0] === anyShape ? undefined : rule.shape.map((text) => parse(text, names)),
  }));
  const needsLayout = names.includes("totalTokens") || names.includes("maxSeqLen");
  const outputs = rules.filter((rule) => rule.isOutput);
  const ids = entries.flatMap(([name, { below }]) =>
    below === undefined ? [] : [{ name, below }],
  );
  const result = { rules, outputs, ids, names, needsLayout };
  prepared.set(spec, result);
  return result;
}

/** Whether the op has an argument `layout`. */
export function takesLayout<A>(spec: OpSpec<A>): boolean {
  return prepare(spec).needsLayout;
}

const anyShape = "...";
const factorsOf = (text: string): string[] => text.split("*");
const isNumber = (factor: string): boolean => /^\d+$/.test(factor);

function parse(text: string, names: readonly string[]): DimExpression {
  const factors = factorsOf(text);
  return {
    text,
    constant: factors.filter(isNumber).reduce((product, factor) => product * Number(factor), 1),
    factors: factors.filter((factor) => !isNumber(factor)).map((name) => names.indexOf(name)),
  };
}
