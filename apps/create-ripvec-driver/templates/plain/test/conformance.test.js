import { test } from "node:test";
import { testDriver } from "@ripvec/driver-testkit";
import { driver } from "ripvec-driver-template";

testDriver({ test, createDriver: () => driver() });
