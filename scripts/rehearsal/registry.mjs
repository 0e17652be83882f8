import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { runCommand } from "./run-command.mjs";

const verdaccio = "6.8.0";

/** Packages that come from this registry alone. A version of them that is on npm must not answer for ours. */
const own = ["@ripvec/*", "ripvec", "ripvec-*", "create-ripvec-*"];

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function configuration(folder, upstream) {
  const rules = own.map((name) => `  '${name}': { access: $all, publish: $all }`);
  return [
    `storage: ${join(folder, "storage")}`,
    "uplinks:",
    `  npm: { url: '${upstream}', maxage: 60m, timeout: 60s }`,
    "packages:",
    ...rules,
    "  '**': { access: $all, proxy: npm }",
    "log: { type: stdout, format: pretty, level: warn }",
    "max_body_size: 100mb",
    "",
  ].join("\n");
}

async function install(folder, env) {
  const manifest = {
    private: true,
    dependencies: { verdaccio },
    // Newer ones, which verdaccio asks for, need a newer Node.
    overrides: { "node-fetch": "2.7.0" },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  await runCommand(folder, "npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], {
    env,
  });
}

async function waitFor(url, child) {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    if (child.exitCode !== null)
      throw new Error(`verdaccio ended with ${child.exitCode}, so ${url} may be taken`);
    const answer = await fetch(`${url}/-/ping`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("verdaccio did not answer within 30 s");
}

/**
 * Starts an npm registry on 127.0.0.1 that holds our packages and forwards everything else to the registry that npm is
 * configured to use. Resolves with its address and with a function that stops it.
 */
export async function startRegistry(folder, { env, upstream }) {
  mkdirSync(folder, { recursive: true });
  await install(folder, env);
  const port = await freePort();
  const config = join(folder, "config.yaml");
  writeFileSync(config, configuration(folder, upstream));
  const main = join(folder, "node_modules/verdaccio/bin/verdaccio");
  const args = [main, "--config", config, "--listen", `127.0.0.1:${port}`];
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  process.once("exit", () => child.kill());
  await waitFor(url, child);
  return { url, stop: () => child.kill() };
}
