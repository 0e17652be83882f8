import { expect, test } from "vitest";
import { archTemplate } from "../../create-ripvec-arch/scripts/arch-template.js";
import { nativeTemplate } from "../../create-ripvec-driver/scripts/native-template.js";
import { plainTemplate } from "../../create-ripvec-driver/scripts/plain-template.js";
import { usedNames } from "../src/used-names.js";

test.each([
  ["plain", plainTemplate, ["createDriver", "keptValues", "eightBitRows"]],
  ["native", nativeTemplate, ["loadAddon", "requiredOps", "createNativeDriver"]],
  ["arch", archTemplate, ["arch"]],
] as const)("the names that the template %s uses are found", (_, template, expected) => {
  const names = usedNames(template());
  for (const name of expected) expect(names).toContain(name);
  expect(names).not.toContain("my");
});
