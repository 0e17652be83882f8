/**
 * Checks that every link of the documentation into this repository leads to a file, and to a heading where it names one. Pages that are
 * published on npm have absolute links, all others relative ones.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./toolchain.mjs";

const link = /\]\(([^)\s]+)\)/g;
const external = /^[a-z][a-z+.-]*:/i;
const onGitHub = /^https:\/\/github\.com\/ripvec\/ripvec\/(blob|tree)\/main\//;

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading) =>
  heading
    .replace(/\]\([^)]*\)/g, "]")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
    .trim()
    .replaceAll(" ", "-");

const withoutCode = (text) => text.replace(/^```.*?^```/gms, "").replace(/`[^`\n]*`/g, "");

function anchors(path) {
  const text = readFileSync(path, "utf8").replace(/^```.*?^```/gms, "");
  return new Set([...text.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading]) => anchorOf(heading)));
}

/** The path that a link leads to. */
function pathOf(page, file) {
  if (file === "") return join(root, page);
  const path = decodeURI(file);
  return onGitHub.test(path)
    ? join(root, path.replace(onGitHub, ""))
    : join(root, dirname(page), path);
}

function problemOf(page, target) {
  const [file, anchor] = target.split("#");
  const path = pathOf(page, file);
  if (!existsSync(path)) return "no such file";
  if (anchor === undefined || statSync(path).isDirectory()) return undefined;
  return anchors(path).has(anchor) ? undefined : "no such heading";
}

const skipped = new Set(["node_modules", "dist", "build"]);

/** The path from the root of every page below a folder, without hidden folders. */
function pagesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return entry.name.endsWith(".md") ? [path] : [];
    const isHidden = entry.name.startsWith(".");
    return entry.isDirectory() && !isHidden && !skipped.has(entry.name) ? pagesIn(path) : [];
  });
}

const pages = pagesIn("");
const problems = pages.flatMap((page) =>
  [...withoutCode(readFileSync(join(root, page), "utf8")).matchAll(link)]
    .map(([, target]) => target)
    .filter((target) => !external.test(target) || onGitHub.test(target))
    .map((target) => [target, problemOf(page, target)])
    .filter(([, problem]) => problem !== undefined)
    .map(([target, problem]) => `${page}: ${target}: ${problem}`),
);
for (const problem of problems) console.error(problem);
console.log(`links: ${pages.length} pages, ${problems.length} broken links`);
process.exit(problems.length === 0 ? 0 : 1);
