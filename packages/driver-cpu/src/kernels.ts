import { type OpName, opNames, optionalOps } from "@ripvec/core/driver";
export const kernels: readonly OpName[] = opNames.filter((name) => !optionalOps.includes(name));
