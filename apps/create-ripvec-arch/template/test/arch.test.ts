import { testArch } from "@ripvec/driver-testkit";
import { describe, test } from "vitest";
import { arch } from "../src/index.js";
import { forward } from "./definition.js";
import { models } from "./models.js";

describe("my-arch", () => {
  testArch({ test, arch, models, forward });
});
