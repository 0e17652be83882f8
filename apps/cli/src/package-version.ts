import { readFileSync } from "node:fs";

/** The version in package.json, which is one folder above both the sources and the build. */
export function packageVersion(): string {
  const file = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(file) as { version: string }).version;
}
