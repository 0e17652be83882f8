import { existsSync } from "node:fs";
import { describe, test } from "vitest";

/** Names of the lanes to run, separated by commas: the same variable as of driver-webgpu. */
const variable = "RIPVEC_WEBGPU_LANES";

export const chromiumProgram: string = process.env.RIPVEC_CHROMIUM || "/usr/bin/chromium";

/** Groups tests in Chromium. When they were not asked for they are one skipped test; when they were and it is absent they fail. */
export function describeChromium(body: () => void): void {
  const asked = (process.env[variable] ?? "").split(",").some((name) => name.trim() === "chromium");
  if (!asked) {
    test.skip(`lane chromium: not asked for in ${variable}`, () => {});
  } else if (existsSync(chromiumProgram)) {
    describe("lane chromium", body);
  } else {
    test("lane chromium", () => {
      throw new Error(`lane chromium was asked for, but there is no ${chromiumProgram}`);
    });
  }
}
