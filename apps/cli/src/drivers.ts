import {
  type Driver,
  DriverUnavailableError,
  isRipvecError,
  type RipvecError,
  UnsupportedError,
} from "@ripvec/core";

export interface DriverRequest {
  readonly threads?: number | undefined;
}

/** A driver that this program can load. To add one, add an entry to `known`. */
export interface KnownDriver {
  readonly name: string;
  /** Rejects with DriverUnavailableError, which says what to do. */
  open(request: DriverRequest): Promise<Driver>;
  /** Other facts for `ripvec doctor`, by name. */
  facts(): Promise<ReadonlyMap<string, string>>;
}

const cpuDriver: KnownDriver = {
  name: "cpu",
  async open({ threads }) {
    const { cpu } = await import("@ripvec/driver-cpu");
    return cpu({ threads });
  },
  async facts() {
    const { cpuInfo } = await import("@ripvec/driver-cpu");
    const { name, arch, features, instructionSets, best, threads, binaryPath } = cpuInfo();
    return new Map([
      ["processor", `${name} (${arch})`],
      ["features", features.join(" ")],
      ["instruction sets", `${instructionSets.join(", ")} (default: ${best})`],
      ["threads", `${threads} for this process`],
      ["binary", binaryPath],
    ]);
  },
};

/** Best first: the order in which `auto` tries them. */
export const known: readonly KnownDriver[] = [cpuDriver];

export const driverNames: readonly string[] = known.map((driver) => driver.name);

/**
 * Opens a driver by name; `auto` takes the first available one. When none is, the error names every
 * reason.
 */
export async function openDriver(name: string, request: DriverRequest): Promise<Driver> {
  if (name === "auto") return openFirst(request);
  const driver = known.find((candidate) => candidate.name === name);
  if (!driver) {
    throw new UnsupportedError({
      what: "driver",
      value: name,
      supported: ["auto", ...driverNames],
    });
  }
  return driver.open(request);
}

export function isDriverUnavailable(error: unknown): error is RipvecError {
  return isRipvecError(error) && error.code === "DRIVER_UNAVAILABLE";
}

async function openFirst(request: DriverRequest): Promise<Driver> {
  const failures: RipvecError[] = [];
  for (const driver of known) {
    try {
      return await driver.open(request);
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
    remedy: "Run `ripvec doctor` to see what to do.",
  });
}
