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

/** The documentation of the repository. */
export const sampleTexts: readonly SourceText[] = Object.entries(files).map(([path, text]) => ({
  name: path.replace(/^(\.\.\/)+/, ""),
  text,
}));
