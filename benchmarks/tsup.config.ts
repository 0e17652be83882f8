import { defineConfig } from "tsup";

/** The program and what it runs in processes of their own; packages and peers stay outside. */
export default defineConfig({
  entry: ["src/run.ts", "src/child.ts", "src/webgpu/run.ts", "src/quality/run.ts"],
  format: ["esm"],
  target: "es2022",
  external: [/^@ripvec\//, "onnxruntime-node", "webgpu", "@huggingface/transformers"],
  clean: true,
});
