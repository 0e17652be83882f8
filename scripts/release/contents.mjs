import { posix } from "node:path";
import { namedFiles } from "./packages.mjs";

/** Files that only developers of the package need. */
const unwanted = [
  [/\.map$/, "a source map"],
  [/(^|\/)tests?\//, "a test"],
  [/\.(test|spec)\.[cm]?[jt]s$/, "a test"],
  [/(^|\/)(tsconfig|tsup\.config|vitest\.config|biome)[^/]*$/, "a development setting"],
  [/(?<!\.d)\.[cm]?tsx?$/, "a TypeScript source"],
  [/\.tsbuildinfo$|\.log$|\.tgz$|\.orig$/, "an output of a tool"],
  [
    /(^|\/)(node_modules|\.git|\.turbo|\.changeset|coverage|__pycache__)\//,
    "a directory of a tool",
  ],
  [/(^|\/)(\.env|\.npmrc|\.DS_Store)/, "a private file"],
];

const licences = {
  "MIT OR Apache-2.0": {
    "LICENSE.MIT": /Permission is hereby granted, free of charge/,
    "LICENSE.APACHE": /Apache License\s+Version 2\.0[\s\S]*END OF TERMS AND CONDITIONS/,
  },
  "Apache-2.0": { LICENSE: /Apache License\s+Version 2\.0[\s\S]*END OF TERMS AND CONDITIONS/ },
};

function licenceProblems({ manifest, files }) {
  const texts = licences[manifest.license];
  if (!texts) return [`has the licence "${manifest.license}", whose text is not known`];
  return Object.entries(texts)
    .filter(([path, pattern]) => !pattern.test(files.get(path)?.toString("utf8") ?? ""))
    .map(([path]) => `lacks the licence text ${path}`);
}

const withoutCode = (text) => text.replace(/^```.*?^```/gms, "").replace(/`[^`\n]*`/g, "");

/** Links of the README that lead to nothing on npm's page or in node_modules. */
function linkProblems(files) {
  const readme = files.get("README.md")?.toString("utf8");
  if (!readme) return ["has no README.md"];
  return [...withoutCode(readme).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^([a-z][a-z+.-]*:|#)/i.test(target))
    .filter((target) => !files.has(posix.normalize(decodeURI(target.split("#")[0]))))
    .map((target) => `README.md links to ${target}, which is not in the package`);
}

/** Checks the files of a tarball: those that package.json names, licence texts, links, and files that nobody needs. */
export function checkContents(tarball) {
  const { manifest, files } = tarball;
  const missing = namedFiles(manifest)
    .filter((path) => !(files.get(path)?.length > 0))
    .map((path) => `lacks ${path}, which package.json names`);
  const surplus = [...files.keys()].flatMap((path) => {
    const found = unwanted.find(([pattern]) => pattern.test(path));
    return found ? [`has ${path}, ${found[1]}`] : [];
  });
  const maps = [...files]
    .filter(([path, bytes]) => /\.[cm]?js$/.test(path) && bytes.includes("//# sourceMappingURL="))
    .map(([path]) => `has ${path}, which names a source map`);
  return [...missing, ...surplus, ...maps, ...licenceProblems(tarball), ...linkProblems(files)].map(
    (problem) => `${manifest.name} ${problem}`,
  );
}
