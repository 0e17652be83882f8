import { test } from "node:test";
import { testDriver } from "@ripvec/driver-testkit";
import { driver } from "ripvec-driver-toy";

testDriver({ test, createDriver: () => driver() });
