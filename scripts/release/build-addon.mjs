import { platformTag } from "../../packages/native/scripts/platform-tag.mjs";
import { pnpm } from "../toolchain.mjs";
import { publicPackages } from "./packages.mjs";

/** The tag of this machine's platform if there is a package for its addon, in a list. */
export function platformsOfThisMachine(root) {
  return publicPackages(root)
    .map(({ platform }) => platform)
    .filter((tag) => tag === platformTag());
}

/** Builds this machine's addon as it is published: on Linux with glibc it needs no newer glibc than 2.28. */
export function buildReleaseAddon() {
  const command = ["exec", "ripvec-native", "build", "--release"];
  return pnpm(["--filter", "@ripvec/driver-cpu", ...command], { quiet: true });
}
