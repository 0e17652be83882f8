import type { Reference } from "./host-args.js";

export const relu: Reference<"relu"> = ({ x, out }) => {
  x.data.forEach((value, i) => {
    out.data[i] = Math.max(value, 0);
  });
};
