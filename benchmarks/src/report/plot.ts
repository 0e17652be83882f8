import { loadByName } from "../loads.js";
import { type Panel, panelHeight, panelWidth, renderPanel } from "./panel.js";
import { plotStyle } from "./plot-style.js";
import type { Results } from "./results.js";
import type { Row } from "./rows.js";
import { element, textElement } from "./svg.js";

const margin = 24;
const gap = 28;
const columnCount = 2;
const headHeight = 92;
const width = 2 * margin + columnCount * panelWidth + (columnCount - 1) * gap;

/**
 * A bar chart of tokens/s per load as SVG: ripvec in every dtype, and the best peer in f32 and in 8
 * bits. Follows the reader's light or dark mode. Throws RangeError when there are no rows.
 */
export function plot({ machine, rows }: Results): string {
  if (rows.length === 0) throw new RangeError("there are no rows to plot");
  const panels = [...new Set(rows.map(({ load }) => load))].map((load) => panelOf(load, rows));
  const { cpu, threads, instructionSet, peakGflops, date } = machine;
  const title = `Tokens per second on ${cpu}, ${threads} ${threads === 1 ? "thread" : "threads"}, ${instructionSet}`;
  const peak = peakGflops === null ? "" : `, % of the f32 peak of ${peakGflops.toFixed(0)} GFLOP/s`;
  const note = `Random BERT of BGE-small's shape (12 × 384)${peak} · ${date.slice(0, 10)} · longer is faster`;
  const { body, height } = grid(panels);
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-labelledby": "plot-title plot-desc",
    },
    [
      textElement("title", { id: "plot-title" }, title),
      textElement("desc", { id: "plot-desc" }, describe(panels)),
      textElement("style", {}, plotStyle),
      element("rect", { class: "paper", width, height, rx: 8 }),
      textElement("text", { class: "title", x: margin, y: 36 }, title),
      textElement("text", { class: "note", x: margin, y: 56 }, note),
      ...legend(),
      ...body,
    ],
  );
}

/** Ripvec's rows, and of the peers the fastest of each kind. */
function panelOf(load: string, all: readonly Row[]): Panel {
  const rows = all.filter((row) => row.load === load);
  const peers = rows
    .filter(({ side }) => side === "peer")
    .toSorted((a, b) => b.tokensPerSecond - a.tokensPerSecond);
  const best = [
    peers.find(({ dtype }) => dtype !== "i8"),
    peers.find(({ dtype }) => dtype === "i8"),
  ].filter((row) => row !== undefined);
  return {
    load: loadByName(load),
    rows: [...rows.filter(({ side }) => side === "ours"), ...best],
  };
}

/** Panels in reading order, two in each row, whose height is that of the higher one. */
function grid(panels: readonly Panel[]): { body: string[]; height: number } {
  const body: string[] = [];
  let top = headHeight;
  for (let from = 0; from < panels.length; from += columnCount) {
    const row = panels.slice(from, from + columnCount);
    row.forEach((panel, column) => {
      const left = margin + column * (panelWidth + gap);
      body.push(element("g", { transform: `translate(${left} ${top})` }, renderPanel(panel)));
    });
    top += Math.max(...row.map(panelHeight)) + gap;
  }
  return { body, height: top - gap + margin };
}

const kinds = [
  ["ours", "ripvec"],
  ["ours i8", "ripvec, 8-bit weights"],
  ["peer", "best peer"],
  ["peer i8", "best peer, 8-bit weights"],
] as const;

const legendStep = 178;

function legend(): string[] {
  const entries = kinds.flatMap(([kind, label], index) => {
    const x = margin + index * legendStep;
    return [
      element("rect", { class: `bar ${kind}`, x, y: 68, width: 12, height: 12, rx: 2 }),
      textElement("text", { class: "name", x: x + 18, y: 78 }, label),
    ];
  });
  const x = margin + kinds.length * legendStep;
  return [
    ...entries,
    element("line", { class: "peak", x1: x + 6, x2: x + 6, y1: 66, y2: 82 }),
    textElement("text", { class: "name", x: x + 18, y: 78 }, "100 % of the f32 peak"),
  ];
}

/** The figures in words, for readers who cannot see the bars. */
function describe(panels: readonly Panel[]): string {
  return panels
    .map(({ load, rows }) => {
      const figures = rows.map((row) => `${row.engine} ${Math.round(row.tokensPerSecond)}`);
      return `${load.name} (${load.what}): ${figures.join(", ")} tokens per second.`;
    })
    .join(" ");
}
