import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { plot } from "./report/plot.js";
import type { Results } from "./report/results.js";

const folder = fileURLToPath(new URL("../../docs/performance/", import.meta.url));

export async function writeJson(path: string, results: Results): Promise<void> {
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`);
}

/**
 * Writes the results and, when there are rows, their plot below docs/performance, and returns the
 * paths.
 */
export async function saveResults(results: Results): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const path = `${folder}${fileName(results)}.json`;
  await writeJson(path, results);
  return results.rows.length > 0 ? [path, await plotFile(path)] : [path];
}

/** Draws the plot of a results file next to it, and returns its path. */
export async function plotFile(path: string): Promise<string> {
  const target = `${path.replace(/\.json$/, "")}.svg`;
  await writeFile(target, `${plot(JSON.parse(await readFile(path, "utf8")))}\n`);
  return target;
}

/** "2026-11-21-amd-epyc" */
function fileName({ machine: { date, cpu } }: Results): string {
  const words = cpu.toLowerCase().match(/[a-z0-9]+/g) ?? ["unknown"];
  return [date.slice(0, 10), ...words].join("-");
}
