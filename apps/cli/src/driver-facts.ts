/** Other facts about the machine for `ripvec doctor`, by name, for a driver with a short name. */
export async function driverFacts(driver: string): Promise<ReadonlyMap<string, string>> {
  if (driver !== "cpu") return new Map();
  const { cpuInfo } = await import("@ripvec/driver-cpu");
  const { name, arch, features, instructionSets, best, threads, binaryPath } = cpuInfo();
  return new Map([
    ["processor", `${name} (${arch})`],
    ["features", features.join(" ")],
    ["instruction sets", `${instructionSets.join(", ")} (default: ${best})`],
    ["threads", `${threads} for this process`],
    ["binary", binaryPath],
  ]);
}
