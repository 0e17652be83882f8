import { readFileSync } from "node:fs";
import { runCreate, type Template } from "@ripvec/create";

const readJson = <T>(path: string): T =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as T;

/** The build writes this file from the sources of the template and of the native example. */
const templates = readJson<{ plain: Template; native: Template }>("./templates.json");

process.exitCode = await runCreate(
  {
    what: "driver",
    version: readJson<{ version: string }>("../package.json").version,
    template: templates.plain,
    variants: {
      native: { help: "a driver in C++; needs a C++20 compiler", template: templates.native },
    },
    guide: "https://github.com/ripvec/ripvec/blob/main/docs/guides/add-a-driver.md",
  },
  process.argv.slice(2),
);
