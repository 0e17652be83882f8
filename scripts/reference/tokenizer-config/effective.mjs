// Writes the effective tokenizer.json of each directory of make_cases.py: node effective.mjs OUT
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";

const out = process.argv[2] ?? "";
const root = fileURLToPath(new URL("../../..", import.meta.url));
const built = mkdtempSync(join(root, "packages/hub/.effective-"));
try {
  const source = join(root, "packages/hub/src");
  await build({
    entry: [
      join(source, "tokenizer-config/resolve-tokenizer.ts"),
      join(source, "tokenizer-config/read-tokenizer-files.ts"),
      join(source, "node/directory-files.ts"),
      join(source, "model-files.ts"),
    ],
    outDir: built,
    format: "esm",
    silent: true,
    outExtension: () => ({ js: ".mjs" }),
    config: false,
    dts: false,
  });
  const load = (name) => import(pathToFileURL(join(built, name)).href);
  const { resolveTokenizer } = await load("tokenizer-config/resolve-tokenizer.mjs");
  const { readTokenizerFiles } = await load("tokenizer-config/read-tokenizer-files.mjs");
  const { DirectoryFiles } = await load("node/directory-files.mjs");
  const { readJsonObject } = await load("model-files.mjs");

  const answers = {};
  for (const name of readdirSync(out).filter((each) => existsSync(join(out, each, "case.json")))) {
    const files = new DirectoryFiles(join(out, name));
    const read = async (file) => (await readJsonObject(files, file)) ?? {};
    try {
      const settings = {
        config: await read("config.json"),
        tokenizerConfig: await read("tokenizer_config.json"),
        sentenceConfig: await read("sentence_bert_config.json"),
      };
      answers[name] = resolveTokenizer(await readTokenizerFiles(files, "", settings));
    } catch (error) {
      answers[name] = { error: `${error.code ?? error.name}: ${error.message}` };
    }
  }
  writeFileSync(join(out, "effective.json"), JSON.stringify(answers));
  const refused = Object.values(answers).filter(({ error }) => error !== undefined).length;
  console.log(Object.keys(answers).length, "directories, refused:", refused);
} finally {
  await rm(built, { recursive: true, force: true });
}
