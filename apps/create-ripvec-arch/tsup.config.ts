import { writeFile } from "node:fs/promises";
import type { Options } from "tsup";
import { archTemplate } from "./scripts/arch-template.js";

const config: Options = {
  entry: ["src/main.ts"],
  format: ["esm"],
  clean: true,
  target: "es2022",
  banner: { js: "#!/usr/bin/env node" },
  async onSuccess() {
    await writeFile("dist/template.json", JSON.stringify(archTemplate()));
  },
};

export default config;
