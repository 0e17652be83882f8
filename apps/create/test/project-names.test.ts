import { expect, test } from "vitest";
import { projectNames } from "../src/project-names.js";

const prefix = "ripvec-driver-";

test("a short name gets the prefix, and becomes an identifier in four forms", () => {
  expect(projectNames("my-fast.driver_2", prefix)).toEqual({
    packageName: "ripvec-driver-my-fast.driver_2",
    shortName: "my-fast.driver_2",
    camelName: "myFastDriver2",
    pascalName: "MyFastDriver2",
    snakeName: "my_fast_driver_2",
    upperName: "MY_FAST_DRIVER_2",
  });
});

test.each([
  ["ripvec-driver-metal", "ripvec-driver-metal", "metal"],
  ["@acme/metal", "@acme/metal", "metal"],
  ["@acme/ripvec-driver-metal", "@acme/ripvec-driver-metal", "metal"],
])("the full name %s is kept", (typed, packageName, shortName) => {
  expect(projectNames(typed, prefix)).toMatchObject({ packageName, shortName });
});

test.each([
  ["My-Driver", /not a name of an npm package/],
  ["my driver", /not a name of an npm package/],
  [".hidden", /not a name of an npm package/],
  ["-x", /not a name of an npm package/],
  ["treiber-für-x", /not a name of an npm package/],
  ["@acme/", /not a name of an npm package/],
  ["a".repeat(201), /215 characters; npm accepts at most 214/],
  ["3d", /must start with a letter/],
  ["ripvec-driver-", /must start with a letter/],
  ["new", /Use another name, such as my-new/],
  ["driver", /Use another name, such as my-driver/],
])("the name %j is refused", (typed, message) => {
  expect(() => projectNames(typed, prefix)).toThrow(message);
});
