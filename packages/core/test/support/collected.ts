import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Whether what `ref` refers to goes when garbage is collected. */
export async function collected(ref: WeakRef<object>): Promise<boolean> {
  for (let round = 0; round < 20 && ref.deref(); round++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collect();
  }
  return ref.deref() === undefined;
}
