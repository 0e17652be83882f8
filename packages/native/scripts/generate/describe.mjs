import { pascalCase, snakeCase } from "./names.mjs";

/**
 * What the generated files say about the ops and the enums of their scalars, from what `loadCore` gives. An op:
 *
 *   name, struct   its stem, and the name of its struct in C++
 *   code           its place in the list of all ops; 0 is `fill`
 *   signature      what loading an addon compares, see opSignature
 *   summary        the formula
 *   takesLayout    whether cuSeqlens comes before its tensors, and batch and maxSeqLen before its numbers
 *   activations    name of the tensor that tells the dtype of the op's activations, if it has one
 *   tensors        its tensors in order: name, field (in C++), kind, shape, optional
 *   scalars        its scalars in order: field, type (in C++), value (in TypeScript), read (a method in C++), note
 *   counts         { tensors, numbers } of a command, those of the layout included
 */
export function describe(core) {
  const enums = enumsOf(core);
  const ops = Object.values(core.opSpecs).map((spec, index) => ({
    ...describeOp(spec, core.takesLayout(spec), enums),
    signature: core.opSignature(spec, core.takesLayout(spec)),
    code: index + 1,
  }));
  return { ops, enums, dtypes: dtypesOf(core) };
}

const dtypesOf = ({ scalarDTypes, dtypeByteLength }) =>
  scalarDTypes.map((name) => ({ name, byteLength: dtypeByteLength(name) }));

/** The lists of strings that choices are made from: `geluForms` of core becomes the enum GeluForm. */
function enumsOf({ opSpecs, opModules }) {
  const choices = Object.values(opSpecs)
    .flatMap(({ scalars }) => scalars)
    .filter(({ kind }) => kind === "choice");
  return [...new Set(choices.map(({ values }) => values))].map((values) => {
    const exported = opModules.flatMap(Object.entries).find(([, value]) => value === values)?.[0];
    if (!exported) throw new Error(`no file of core's ops exports the choice ${values.join(", ")}`);
    return { name: pascalCase(exported).replace(/s$/, ""), values };
  });
}

function describeOp(spec, takesLayout, enums) {
  const tensors = Object.entries(spec.tensors).map(([name, rule]) => ({
    name,
    field: snakeCase(name),
    kind: rule.kind,
    shape: rule.shape,
    optional: rule.optional === true,
  }));
  const scalars = spec.scalars.map((rule) => describeScalar(spec, rule, tensors, enums));
  const fields = [...tensors, ...scalars].map(({ field }) => field);
  const twice = fields.find((field, i) => fields.indexOf(field) !== i);
  if (twice) throw new Error(`${spec.name} has two arguments that become the field ${twice}`);
  return {
    name: spec.name,
    struct: pascalCase(spec.name),
    summary: spec.summary,
    takesLayout,
    activations: tensors.find(
      ({ kind, optional }) => !optional && (kind === "activation" || kind === "output"),
    )?.name,
    tensors,
    scalars,
    counts: {
      tensors: tensors.length + (takesLayout ? 1 : 0),
      numbers: scalars.length + (takesLayout ? 2 : 0),
    },
  };
}

/** `uses`: the argument that the value is made from. */
function describeScalar(spec, rule, tensors, enums) {
  if (typeof rule === "string") return wholeNumber(spec, rule, tensors);
  const { kind, of } = rule;
  const field = snakeCase(of);
  switch (kind) {
    case "real":
      return { field, type: "float", uses: of, value: of, read: "real" };
    case "flag":
      return { field, type: "bool", uses: of, value: `${of} ? 1 : 0`, read: "flag" };
    case "window":
      return {
        field,
        type: "int64_t",
        uses: of,
        value: `${of} ?? -1`,
        read: "size",
        note: "−1: none",
      };
    case "size": {
      const sizes = spec.scalars.filter((other) => other.kind === "size").length;
      const name = sizes === 1 ? "size" : `${field}_size`;
      return {
        field: name,
        type: "int64_t",
        uses: of,
        value: `${of}.size`,
        read: "size",
        note: `elements of ${of}`,
      };
    }
    case "dtype":
      return {
        field: `${field}_dtype`,
        type: "DType",
        uses: of,
        value: `placeOf(${of}.dtype)`,
        read: "dtype",
      };
    case "choice": {
      const { name } = enums.find(({ values }) => values === rule.values);
      const value = rule.values.reduceRight(
        (otherwise, choice, i) => `${of} === "${choice}" ? ${i + 1} : ${otherwise}`,
        "0",
      );
      return { field, type: name, uses: of, value, read: `choice<${name}>` };
    }
    default:
      throw new Error(`${spec.name} has a scalar of the unknown kind ${kind}`);
  }
}

/** A numeric argument, or a dimension: of the first tensor that has it by its plain name, of optional ones last. */
function wholeNumber(spec, name, tensors) {
  const scalar = { field: snakeCase(name), type: "int64_t", read: "size" };
  const binder = [...tensors]
    .sort((a, b) => Number(a.optional) - Number(b.optional))
    .find(({ shape }) => shape.includes(name));
  if (!binder || spec.counts?.includes(name)) return { ...scalar, uses: name, value: name };
  const access = binder.optional ? "?." : ".";
  const value = `${binder.name}${access}shape[${binder.shape.indexOf(name)}] ?? 0`;
  return { ...scalar, uses: binder.name, value };
}
