import { readFileSync } from "node:fs";
import { runCreate, type Template } from "@ripvec/create";

const readJson = <T>(path: string): T =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as T;

process.exitCode = await runCreate(
  {
    what: "arch",
    version: readJson<{ version: string }>("../package.json").version,
    /** The build writes this file from the folder `template`. */
    template: readJson<Template>("./template.json"),
    guide: "https://github.com/ripvec/ripvec/blob/main/docs/guides/add-an-architecture.md",
  },
  process.argv.slice(2),
);
