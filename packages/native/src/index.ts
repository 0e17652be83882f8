export type {
  NativeAddon,
  NativeEngine,
  NativeOp,
  NativePart,
  NativeWeight,
  PassHandle,
} from "./addon.js";
export type { AddonSource } from "./addon-source.js";
export { environmentVariable } from "./environment-variable.js";
export type { FoundAddon } from "./find-addon.js";
export { type LoadedAddon, loadAddon } from "./load-addon.js";
export { createNativeDriver, type NativeDriverParts } from "./native-driver.js";
export { withNativeErrors } from "./native-errors.js";
