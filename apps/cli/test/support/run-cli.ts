import { expect } from "vitest";
import { main } from "../../src/cli.js";
import { fakeIo } from "./fake-io.js";
import { onTestModel } from "./test-model.js";

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one invocation in a folder, on the test model unless another one is named. */
export async function run(cwd: string, ...argv: readonly string[]): Promise<Said> {
  const io = fakeIo({ cwd });
  return { code: await main(onTestModel(argv), io), out: io.out(), err: io.err() };
}

export interface HitJson {
  readonly path: string;
  readonly pathBytes?: string;
  readonly text: string;
}

export async function hitsOf(cwd: string, query: string): Promise<readonly HitJson[]> {
  const { code, out } = await run(cwd, "search", query, "-n", "500", "--json");
  expect(code).toBe(0);
  return (JSON.parse(out) as { hits: HitJson[] }).hits;
}
