import type { Kernel } from "../kernel.js";

/** Copies bytes, so that NaN payloads and every dtype are preserved. */
export const copy: Kernel<"copy"> = ({ x, out }) => {
  out.bytes.set(x.bytes);
};
