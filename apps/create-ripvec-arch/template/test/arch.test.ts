import { test } from "node:test";
import { testArch } from "@ripvec/driver-testkit";
import { arch } from "../src/index.js";
import { forward } from "./definition.js";
import { models } from "./models.js";

testArch({ test, arch, models, forward });
