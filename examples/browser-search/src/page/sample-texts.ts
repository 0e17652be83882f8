import type { SourceText } from "../protocol.js";

const files = import.meta.glob<string>(
  [
    "../../../../README.md",
    "../../../../CONTRIBUTING.md",
    "../../../../docs/*.md",
    "../../../../docs/guides/*.md",
    "../../../../docs/decisions/*.md",
    "../../../../{packages,apps,examples}/*/README.md",
  ],
  { query: "?raw", import: "default", eager: true },
);

/** The path of this folder from the repository's root, to which paths are relative. */
const here = "https://repository.invalid/examples/browser-search/src/page/";

/** The documentation of the repository. */
export const sampleTexts: readonly SourceText[] = Object.entries(files).map(([path, text]) => ({
  name: new URL(path, here).pathname.slice(1),
  text,
}));
