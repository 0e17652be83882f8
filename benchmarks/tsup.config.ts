import { defineConfig } from "tsup";

/**
 * The program and the modules that it runs in child processes; packages and peers are not bundled.
 */
export default defineConfig({
  entry: ["src/run.ts", "src/child.ts", "src/webgpu/run.ts", "src/quality/run.ts"],
  format: ["esm"],
  target: "es2022",
  external: [/^@ripvec\//, "onnxruntime-node", "webgpu", "@huggingface/transformers"],
  clean: true,
});
