import { writeFile } from "node:fs/promises";
import type { Options } from "tsup";
import { nativeTemplate } from "./scripts/native-template.js";
import { plainTemplate } from "./scripts/plain-template.js";

const config: Options = {
  entry: ["src/main.ts"],
  format: ["esm"],
  clean: true,
  target: "es2022",
  banner: { js: "#!/usr/bin/env node" },
  async onSuccess() {
    const templates = { plain: plainTemplate(), native: nativeTemplate() };
    await writeFile("dist/templates.json", JSON.stringify(templates));
  },
};
export default config;
