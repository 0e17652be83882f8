import { templateDriver, testDriver } from "@ripvec/driver-testkit";
import { describeLane } from "../support/lanes.js";
import { describeRealms } from "./describe-realms.js";

const names = ["the driver names the browser's adapter"];
testDriver({ test: (name) => names.push(name), createDriver: () => templateDriver() });

describeLane("chromium", () => describeRealms("conformance", names));
