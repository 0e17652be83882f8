// Reads the output of compare_steps.py and compares it with packages/hub/src/tokenizer.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The two factories, bundled from their sources. */
async function loadSteps() {
  const hub = join(root, "packages/hub");
  const directory = mkdtempSync(join(hub, "node_modules/.compare-steps-"));
  try {
    const source = join(hub, "src/tokenizer");
    const entry = join(directory, "entry.ts");
    writeFileSync(
      entry,
      `export { createNormalizer } from "${source}/normalizers/create-normalizer.js";
       export { createPreTokenizer } from "${source}/pre-tokenizers/create-pre-tokenizer.js";`,
    );
    const tsup = join(root, "node_modules/.bin/tsup");
    const flags = ["--no-config", "--format", "esm", "--out-dir", directory, "--silent"];
    execFileSync(tsup, [entry, ...flags], {
      cwd: directory,
      stdio: ["ignore", "inherit", "inherit"],
    });
    return await import(join(directory, "entry.mjs")).catch(
      () => import(join(directory, "entry.js")),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const { createNormalizer, createPreTokenizer } = await loadSteps();

function runner(kind, step) {
  if (kind === "normalizer") return createNormalizer(step);
  const cut = createPreTokenizer(step);
  return (text) =>
    cut({ text, atStart: true })
      .map((piece) => piece.text)
      .join("\u001e\u241e");
}

function textsOf({ start, end, before, after }) {
  const texts = [];
  for (let code = start; code < end; code++) {
    if (code < 0xd800 || code > 0xdfff) texts.push(before + String.fromCodePoint(code) + after);
  }
  return texts;
}

let failures = 0;
let current;

function report() {
  if (!current) return;
  const { title, refused, compared, differences, examples } = current;
  const result = refused ? `refused: ${refused}` : `${compared} texts, ${differences} differences`;
  console.log(`${title}: ${result}`);
  for (const example of examples) console.log(`    ${example}`);
  failures += differences;
}

function begin({ kind, name, step }) {
  report();
  current = { title: `${kind} ${name}`, compared: 0, differences: 0, examples: [] };
  try {
    current.run = runner(kind, step);
  } catch (error) {
    current.refused = error.message;
  }
}

function differ(count, example) {
  current.differences += count;
  if (current.examples.length < 5) current.examples.push(example);
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: 1000 })) {
  const message = JSON.parse(line);
  if (message.step) begin(message);
  else if (current.refused) continue;
  else if (message.block) {
    const texts = textsOf(message.block);
    current.compared += texts.length;
    const digest = createHash("md5").update(texts.map(current.run).join("\u001d")).digest("hex");
    if (digest !== message.digest) differ(1, `code points ${JSON.stringify(message.block)}`);
  } else {
    current.compared += message.texts.length;
    message.texts.forEach((text, i) => {
      const got = current.run(text);
      if (got === message.expected[i]) return;
      differ(1, [text, message.expected[i], got].map((part) => JSON.stringify(part)).join(" → "));
    });
  }
}
report();
process.exitCode = failures === 0 ? 0 : 1;
