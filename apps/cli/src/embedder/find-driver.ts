import {
  type Driver,
  DriverUnavailableError,
  InputError,
  isRipvecError,
  type RipvecError,
} from "@ripvec/core";
import { borrowed } from "./borrowed-driver.js";
import { partExport } from "./part-export.js";
import type { DriverSettings, OpenDriver, Platform } from "./platform.js";

/**
 * An open driver; a function that opens one; or a name: "auto", a short name such as "cpu", or, in
 * Node, the npm name of a package or the path of a file that exports such a function as `driver`.
 */
export type DriverChoice = Driver | OpenDriver | string;

/**
 * Finds a driver without opening it, so that a wrong name is an error before a model is opened.
 * The result opens it. Throws UnsupportedError for a name that stands for no driver, and InputError
 * for a package or a value that is not a driver. The opened driver belongs to the caller. Where the app gave
 * an open driver, it is a view of that one, and closing the view leaves the app's driver open.
 */
export async function findDriver(
  choice: DriverChoice,
  settings: DriverSettings,
  platform: Platform,
): Promise<() => Promise<Driver>> {
  if (typeof choice === "string") {
    const open = await openerOf(choice, platform);
    return async () => expectDriver(await call(open, settings), `driver ${choice}`);
  }
  if (typeof choice === "function") {
    return async () => expectDriver(await call(choice, settings), "the function driver");
  }
  const driver = expectDriver(choice, "the option driver");
  if (settings.threads !== undefined) {
    throw new InputError(
      "threads has no effect on a driver that is already open: set it where the driver is opened",
    );
  }
  return async () => borrowed(driver);
}

export function isDriverUnavailable(error: unknown): error is RipvecError {
  return isRipvecError(error) && error.code === "DRIVER_UNAVAILABLE";
}

const call = (open: OpenDriver, { threads }: DriverSettings): Promise<Driver> =>
  threads === undefined ? open() : open({ threads });

async function openerOf(name: string, platform: Platform): Promise<OpenDriver> {
  if (name === "auto") return (settings) => openFirst(platform, settings);
  const known = platform.drivers.find((driver) => driver.name === name);
  if (known) return known.open;
  const names = ["auto", ...platform.drivers.map((driver) => driver.name)];
  const found = await partExport(platform, "driver", name, names);
  if (typeof found === "function") return found as OpenDriver;
  throw new InputError(
    `the export "driver" of ${name} must be a function that opens the driver, got ${typeof found}`,
  );
}

/** Opens the first available driver. When none is, the error names every reason. */
async function openFirst({ drivers }: Platform, settings?: object): Promise<Driver> {
  const failures: RipvecError[] = [];
  for (const driver of drivers.filter(({ isAutomatic }) => isAutomatic)) {
    try {
      return await driver.open(settings);
    } catch (error) {
      if (!isDriverUnavailable(error)) throw error;
      failures.push(error);
    }
  }
  const [only] = failures;
  if (only && failures.length === 1) throw only;
  throw new DriverUnavailableError({
    driver: "auto",
    tried: failures.map((failure) => failure.message),
    remedy: "One of these drivers is enough.",
  });
}

const methods = ["run", "createTensor", "releaseTensor", "close"] as const;

function expectDriver(value: unknown, source: string): Driver {
  const object: object = typeof value === "object" && value !== null ? value : {};
  const missing = methods.find((name) => typeof Reflect.get(object, name) !== "function");
  if (missing === undefined && typeof Reflect.get(object, "capabilities") === "object") {
    return value as Driver;
  }
  const found = value === null ? "null" : typeof value;
  const hint =
    "beginPass" in object
      ? "an implementation of a driver: createDriver of @ripvec/core/driver makes a driver of it"
      : `${found}${found === "object" ? ` without ${missing ?? "capabilities"}` : ""}`;
  throw new InputError(`${source} must give a Driver, got ${hint}`);
}
