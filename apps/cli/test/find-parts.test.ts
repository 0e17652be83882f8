import { join } from "node:path";
import { classicBert } from "@ripvec/arch-classic-bert";
import { DriverUnavailableError, type ModelArch, UnsupportedError } from "@ripvec/core";
import { templateDriver } from "@ripvec/driver-testkit";
import { afterEach, describe, expect, test, vi } from "vitest";
import { main } from "../src/cli.js";
import { chooseArch } from "../src/embedder/find-archs.js";
import { findDriver } from "../src/embedder/find-driver.js";
import type { KnownDriver, Platform } from "../src/embedder/platform.js";
import { createEmbedder } from "../src/index.js";
import { fakeIo } from "./support/fake-io.js";
import { installPackage, type PartPackage, writeBundle } from "./support/part-package.js";
import { tempFolder } from "./support/temp-folder.js";
import { onTestModel, testModel } from "./support/test-model.js";

const driverSource = `
  import { templateDriver } from "@ripvec/driver-testkit";
  export const driver = async (options?: { threads?: number }) => {
    if (options?.threads === 99) throw new Error("too many threads");
    return templateDriver();
  };
`;
const archSource = `
  import { classicBert } from "@ripvec/arch-classic-bert";
  export const arch = { ...classicBert, name: "elsewhere" };
`;

/** A folder with one package, which is the working directory until the end of the test. */
async function folderWith(name: string, part: PartPackage): Promise<string> {
  const folder = tempFolder();
  await installPackage(folder, name, part);
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  return folder;
}

afterEach(() => vi.restoreAllMocks());

async function command(cwd: string, ...argv: string[]) {
  const io = fakeIo({ cwd });
  return { code: await main(onTestModel(argv), io), out: io.out(), err: io.err() };
}

describe("a package of a third party", () => {
  const importOnly = { ".": { types: "./index.d.ts", import: { default: "./index.js" } } };
  test.each<[string, PartPackage]>([
    ["an ES module", { source: driverSource, format: "esm" }],
    ["CommonJS", { source: driverSource, format: "cjs" }],
    ["exports for import only", { source: driverSource, format: "esm", exports: importOnly }],
  ])("as %s gives its driver to createEmbedder and to the command", async (_, part) => {
    const folder = await folderWith("ripvec-driver-x", part);
    await using embedder = await createEmbedder(testModel, { driver: "ripvec-driver-x" });
    await using cpu = await createEmbedder(testModel);
    expect(embedder.driver).toBe("template");
    const [own, other] = [await embedder.embed("hello"), await cpu.embed("hello")];
    expect(embedder.similarity(own, other)).toBeGreaterThan(1 - 1e-5);

    const { code, out, err } = await command(folder, "embed", "a", "--driver", "ripvec-driver-x");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({ index: 0, tokens: 3 });
  });

  test("is found with a scope, and by the path of a file", async () => {
    const folder = await folderWith("@own/driver", { source: driverSource, format: "esm" });
    await writeBundle(join(folder, "own.mjs"), driverSource, "esm");
    for (const driver of ["@own/driver", "./own.mjs", join(folder, "own.mjs")]) {
      await using embedder = await createEmbedder(testModel, { driver });
      expect(embedder.driver).toBe("template");
    }
  });

  test("is checked by doctor, which says why it is not available", async () => {
    const source = `
      import { DriverUnavailableError } from "@ripvec/core";
      export const driver = async () => {
        throw new DriverUnavailableError({ driver: "x", tried: ["/dev/x"], remedy: "Plug it in." });
      };
    `;
    const folder = await folderWith("ripvec-driver-x", { source, format: "esm" });
    const { code, out } = await command(folder, "doctor", "--driver", "ripvec-driver-x");
    expect(code).toBe(1);
    expect(out).toMatch(/\nripvec-driver-x {2}not available\n.*\/dev\/x\. Plug it in\.\n/);
    const cpu = await command(folder, "doctor", "--driver", "cpu");
    expect(cpu.out).toMatch(/\ncpu {2}available\n.*self-check i8 +passed .*\n\nAll well\.\n$/s);
  });

  test("gives its architecture, which computes the model", async () => {
    const folder = await folderWith("ripvec-arch-x", { source: archSource, format: "esm" });
    await using embedder = await createEmbedder(testModel, { arch: "ripvec-arch-x" });
    await using known = await createEmbedder(testModel);
    expect(embedder.arch).toBe("elsewhere");
    expect(await embedder.embed("hello")).toEqual(await known.embed("hello"));
    const bench = ["bench", "--lengths", "1x9", "--rounds", "1", "--json"];
    const { out } = await command(folder, ...bench, "--arch", "ripvec-arch-x");
    expect(JSON.parse(out)).toMatchObject({ backend: "cpu/elsewhere" });
  });

  const wrong: readonly (readonly [what: string, source: string, message: RegExp])[] = [
    [
      "without the export",
      "export const x = 1, y = 2;",
      /has no export "driver"; it exports x, y\./,
    ],
    ["without exports", "console.debug;", /has no export "driver"; it exports nothing\./],
    ["with a value", "export const driver = {};", /must be a function .*, got object/],
    ["that throws", "throw new Error('no luck');", /cannot be loaded from .*index\.js: no luck/],
    [
      "that gives no driver",
      "export const driver = () => ({ run() {} });",
      /object without createT/,
    ],
    [
      "that gives an implementation",
      "export const driver = async () => ({ beginPass() {} });",
      /createDriver of @ripvec\/core\/driver makes a driver of it/,
    ],
  ];
  test.each(wrong)("%s is refused", async (_, source, message) => {
    await folderWith("ripvec-driver-x", { source, format: "esm" });
    const call = createEmbedder(testModel, { driver: "ripvec-driver-x" });
    await expect(call).rejects.toMatchObject({
      code: "INPUT",
      message: expect.stringMatching(message),
    });
  });

  test("gets the option threads, and its own error passes through", async () => {
    await folderWith("ripvec-driver-x", { source: driverSource, format: "esm" });
    const call = createEmbedder(testModel, { driver: "ripvec-driver-x", threads: 99 });
    await expect(call).rejects.toThrow("too many threads");
  });
});

test.each<[string, RegExp]>([
  [
    "gpu",
    /^unsupported driver "gpu"; supported: auto, cpu, webgpu\. .*"ripvec-driver-x".*finds no/,
  ],
  ["ripvec-driver-none", /finds packages: npm install ripvec-driver-none$/],
  ["@own/none", /finds packages: npm install @own\/none$/],
  ["./none.js", /There is no such file, as seen from \//],
])(
  "the driver %s, which does not exist, is refused before the model is opened",
  async (driver, message) => {
    const call = createEmbedder("/no/model", { driver });
    await expect(call).rejects.toMatchObject({
      code: "UNSUPPORTED",
      value: driver,
      message: expect.stringMatching(message),
    });
  },
);

test("an unknown architecture and a value that is none are refused", async () => {
  await expect(createEmbedder(testModel, { arch: "bart" })).rejects.toThrow(
    /^unsupported architecture "bart"; supported: classic-bert\. .*"ripvec-arch-x"/,
  );
  await expect(createEmbedder(testModel, { arch: {} as ModelArch })).rejects.toThrow(
    "the option arch must be a ModelArch",
  );
});

test.each<[unknown, RegExp]>([
  [5, /^the option driver must give a Driver, got number$/],
  [{ run: () => {} }, /got object without createTensor$/],
])("a driver %j is refused", async (driver, message) => {
  await expect(createEmbedder(testModel, { driver: driver as never })).rejects.toThrow(message);
});

test("threads with an open driver is refused, since it would have no effect", async () => {
  const driver = templateDriver();
  await expect(createEmbedder(testModel, { driver, threads: 2 })).rejects.toThrow(
    "threads has no effect on a driver that is already open",
  );
  await driver.close();
});

describe("auto", () => {
  const unavailable = (name: string, isAutomatic = true): KnownDriver => ({
    name,
    isAutomatic,
    async open() {
      throw new DriverUnavailableError({ driver: name, tried: [`device ${name}`], remedy: "Buy." });
    },
  });
  const available = (isAutomatic: boolean): KnownDriver => ({
    name: "c",
    isAutomatic,
    open: async () => templateDriver(),
  });
  const platformOf = (...drivers: KnownDriver[]): Platform => ({
    drivers,
    archs: [],
    importPackage: async () => ({}),
  });

  test("takes the next driver when one is not available", async () => {
    const platform = platformOf(unavailable("a"), available(true));
    const open = await findDriver("auto", {}, platform);
    await using driver = await open();
    expect(driver.name).toBe("template");
  });

  test("names every reason when none is, and leaves out what it does not try", async () => {
    const platform = platformOf(unavailable("a"), unavailable("b"), available(false));
    const open = await findDriver("auto", {}, platform);
    await expect(open()).rejects.toMatchObject({
      code: "DRIVER_UNAVAILABLE",
      message: expect.stringMatching(/device a\b.*device b\b/),
    });
  });
});

describe("of several architectures", () => {
  const refusing = (name: string, what: string): ModelArch => ({
    ...classicBert,
    name,
    check() {
      throw new UnsupportedError({ what, value: name, supported: [] });
    },
  });
  const accepting: ModelArch = { ...classicBert, check: () => {} };
  const model = { id: "m", config: {} };

  test("the first that accepts the model is chosen", () => {
    const archs = [refusing("other", "model_type"), accepting];
    expect(chooseArch(archs, model, {})).toBe(accepting);
  });

  test("the error is that of the one that knows the model's type", () => {
    const archs = [refusing("other", "model_type"), refusing("own", "position_embedding_type")];
    expect(() => chooseArch(archs, model, {})).toThrow(/position_embedding_type "own"/);
    expect(() => chooseArch(archs.slice(0, 1), model, {})).toThrow(/model_type "other"/);
  });
});
