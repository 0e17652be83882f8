/**
 * Rehearses a release: sets the versions on a copy of the repository, publishes every package to a registry on 127.0.0.1,
 * then installs and uses them in empty folders, as strangers would.
 *
 *   node scripts/rehearse-release.mjs            everything
 *   node scripts/rehearse-release.mjs --quick    what guards main
 *   node scripts/rehearse-release.mjs bundle     the scenarios whose file names contain "bundle"
 *   node scripts/rehearse-release.mjs --keep     leaves the folders, and prints where they are
 *   node scripts/rehearse-release.mjs --in=/tmp/ripvec-rehearsal-x bundle
 *                                                scenarios on what an earlier rehearsal published and kept
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishTo } from "./rehearsal/publish.mjs";
import { startRegistry } from "./rehearsal/registry.mjs";
import { endCommands, runCommand } from "./rehearsal/run-command.mjs";
import { Sandbox } from "./rehearsal/sandbox.mjs";
import { makeScratchRelease } from "./rehearsal/scratch-release.mjs";
import { Skip } from "./rehearsal/skip.mjs";
import { buildReleaseAddon } from "./release/build-addon.mjs";
import { cleanEnvironment, root } from "./toolchain.mjs";

const args = process.argv.slice(2);
const has = (flag) => args.includes(flag);
const wanted = args.filter((argument) => !argument.startsWith("--"));

async function loadScenarios() {
  const folder = join(root, "scripts/rehearsal/scenarios");
  const files = readdirSync(folder).filter(
    (file) => wanted.length === 0 || wanted.some((word) => file.includes(word)),
  );
  const all = await Promise.all(files.sort().map((file) => import(join(folder, file))));
  return has("--quick") ? all.filter(({ quick }) => quick) : all;
}

async function timed(title, work) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  try {
    const result = await work();
    console.log(`ok      ${title} (${seconds()})`);
    return result;
  } catch (error) {
    if (error instanceof Skip) console.log(`skipped ${title}: ${error.message}`);
    else console.log(`FAILED  ${title} (${seconds()})`);
    throw error;
  }
}

async function outcomeOf(scenario, context) {
  try {
    await timed(scenario.name, () => scenario.run(context));
    return "passed";
  } catch (error) {
    if (error instanceof Skip) return "skipped";
    console.log(String(error.stack ?? error).replace(/^/gm, "        "));
    return "failed";
  }
}

/** Resolves with the outcome of one scenario: "passed", "failed" or "skipped". */
async function play(scenario, context) {
  const outcome = await outcomeOf(scenario, context);
  const called = context.sandbox.takeCompilerCalls();
  if (called === "") return outcome;
  console.log(`FAILED  ${scenario.name}: it called a compiler:\n${called}`);
  return "failed";
}

/** Publishes everything, unless an earlier rehearsal did. Resolves with the versions by name. */
async function release(folder, { url, npmrc }) {
  const file = join(folder, "published.json");
  if (existsSync(file)) return new Map(JSON.parse(readFileSync(file, "utf8")));
  const code = await timed("build the addon", buildReleaseAddon);
  if (code !== 0) throw new Error("the addon could not be built; run `npm test` first");
  const scratch = await timed("set versions and build", () =>
    makeScratchRelease(join(folder, "repository"), npmrc),
  );
  const packages = await timed("pack, verify and publish", () =>
    publishTo({ ...scratch, registry: url, npmrc }),
  );
  writeFileSync(file, JSON.stringify([...packages]));
  return packages;
}

async function rehearse(folder) {
  const env = cleanEnvironment();
  const upstream = (await runCommand(root, "npm", ["config", "get", "registry"], { env })).trim();
  const registry = await timed("start a registry", () =>
    startRegistry(join(folder, "registry"), { env, upstream }),
  );
  try {
    const { url } = registry;
    const npmrc = join(folder, "npmrc");
    const token = `${url.replace("http:", "")}/:_authToken=rehearsal`;
    writeFileSync(npmrc, `registry=${url}/\n${token}\n`);
    const packages = await release(folder, { url, npmrc });
    const sandbox = new Sandbox(mkdtempSync(join(folder, "sandbox-")), { registry: url, npmrc });
    await timed("install the package managers", () => sandbox.prepare());
    const { app, sh, yarn } = sandbox;
    const outcomes = [];
    for (const scenario of await loadScenarios()) {
      outcomes.push(await play(scenario, { app, sh, yarn, packages, sandbox }));
    }
    return outcomes;
  } finally {
    registry.stop();
  }
}

/** After a signal, the commands and the registry end, and the folder is removed unless it is kept. */
function endOnSignals(folder, isKept) {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])
    process.once(signal, () => {
      endCommands();
      if (!isKept) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      process.exit(code);
    });
}

const earlier = args.find((argument) => argument.startsWith("--in="))?.slice("--in=".length);
const folder = earlier ?? mkdtempSync(join(tmpdir(), "ripvec-rehearsal-"));
endOnSignals(folder, has("--keep") || earlier !== undefined);
try {
  const outcomes = await rehearse(folder);
  const count = (outcome) => outcomes.filter((each) => each === outcome).length;
  console.log(
    `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped of the rehearsal`,
  );
  process.exitCode = count("failed") > 0 ? 1 : 0;
} finally {
  if (has("--keep") || earlier) console.log(`The folders are in ${folder}.`);
  else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
