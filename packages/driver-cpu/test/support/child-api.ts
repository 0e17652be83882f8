/** What the scripts of child processes import. */
export { isRipvecError } from "@ripvec/core";
export { weightView } from "@ripvec/core/driver";
export { cpu, cpuInfo } from "../../src/index.js";
export { makeBlock, runBlock, runLong } from "./passes.js";
