import { referenceDriver } from "@ripvec/driver-testkit";
import { runGoldenCases } from "../src/golden-cases.js";

/** The results of the golden cases in f64, rounded to f32. */
export async function goldenReference(): Promise<Float32Array> {
  const driver = referenceDriver();
  try {
    return await runGoldenCases(driver, "f32");
  } finally {
    await driver.close();
  }
}
