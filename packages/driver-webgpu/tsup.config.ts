import { defineConfig } from "tsup";
import { shared } from "../../tsup.shared.js";

export default defineConfig({
  ...shared,
  loader: { ".wgsl": "text" },
  // TypeScript's own library lacks the types of the options.
  dts: { banner: '/// <reference types="@webgpu/types" />' },
});
