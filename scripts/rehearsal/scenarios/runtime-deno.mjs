import { join } from "node:path";
import { expectSame, makeApp, runtimes } from "../bundled.mjs";
import { failureOf } from "../run-command.mjs";
import { skip } from "../skip.mjs";

export const name = "Deno: with three permissions, and the advice without --allow-ffi";
export const quick = false;

export async function run({ app, sh }) {
  if (!runtimes) skip("it uses the program of Deno for Linux on x64");
  const { folder, printed } = await makeApp({ app, sh }, { install: [runtimes.deno.install] });
  const deno = (...flags) =>
    sh(folder, join(folder, runtimes.deno.path), ["run", "--no-prompt", ...flags, "app.mjs"], {
      env: { NO_COLOR: "1" },
    });
  await failureOf(deno("--allow-read"), [
    "DriverUnavailableError",
    "deno run --allow-ffi --allow-read --allow-sys",
  ]);
  expectSame(await deno("--allow-ffi", "--allow-read", "--allow-sys"), printed, "Deno");
}
