import type { Load } from "../loads.js";
import type { Row } from "./rows.js";
import { element, textElement } from "./svg.js";

/** One load and the engines to show. */
export interface Panel {
  readonly load: Load;
  readonly rows: readonly Row[];
}

export const panelWidth = 470;
const nameWidth = 158;
const barLeft = nameWidth + 10;
const barWidth = panelWidth - barLeft;
const rowHeight = 22;
const barHeight = 16;
const headHeight = 34;
/** Bars longer than this have their figure inside. */
const figureWidth = 128;

export function panelHeight({ rows }: Panel): number {
  return headHeight + rows.length * rowHeight;
}

/** Elements of a panel whose corner is at 0, 0. All its bars share one scale from 0. */
export function renderPanel(panel: Panel): string[] {
  const { load, rows } = panel;
  const peak = peakTokensPerSecond(panel);
  const longest = Math.max(...rows.map((row) => row.tokensPerSecond), peak ?? 0);
  const widthOf = (tokensPerSecond: number) => (barWidth * tokensPerSecond) / longest;
  return [
    textElement("text", { class: "load", x: 0, y: 14 }, load.name),
    textElement("text", { class: "note", x: panelWidth, y: 14, "text-anchor": "end" }, load.what),
    element("line", { class: "rule", x1: 0, x2: panelWidth, y1: 22, y2: 22 }),
    ...(peak === undefined ? [] : [peakLine(barLeft + widthOf(peak), panelHeight(panel))]),
    ...rows.flatMap((row, index) => {
      const top = headHeight + index * rowHeight;
      return bar(row, top, widthOf(row.tokensPerSecond), figure(row, load));
    }),
  ];
}

/** The position of 100 %. Not shown when starting the process takes nearly all of the time. */
function peakTokensPerSecond({ load, rows }: Panel): number | undefined {
  const [row] = rows;
  if (load.name.startsWith("F") || !row?.percentOfPeak) return undefined;
  return (100 * row.tokensPerSecond) / row.percentOfPeak;
}

function bar(row: Row, top: number, width: number, label: string): string[] {
  const kind = row.dtype === "i8" ? `${row.side} i8` : row.side;
  const middle = top + barHeight - 4;
  const inside = width > figureWidth;
  const x = barLeft + width + (inside ? -6 : 6);
  const placed = inside
    ? { class: `figure on ${kind}`, "text-anchor": "end" }
    : { class: "figure beside" };
  return [
    textElement(
      "text",
      { class: "name", x: nameWidth, y: middle, "text-anchor": "end" },
      row.engine,
    ),
    element("rect", {
      class: `bar ${kind}`,
      x: barLeft,
      y: top,
      width: Math.max(1, width).toFixed(1),
      height: barHeight,
      rx: 2,
    }),
    textElement("text", { ...placed, x: x.toFixed(1), y: middle }, label),
  ];
}

/** For single texts the latency matters, so their time is shown too. */
function figure({ ms, tokensPerSecond, percentOfPeak }: Row, load: Load): string {
  const latency = `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;
  if (load.name.startsWith("F")) return latency;
  const share = percentOfPeak === null ? [] : [`${percentOfPeak.toFixed(0)} %`];
  const rate = Math.round(tokensPerSecond).toLocaleString("en");
  return [rate, ...share, ...(load.lengths.length === 1 ? [latency] : [])].join(" · ");
}

function peakLine(x: number, height: number): string {
  return element("line", {
    class: "peak",
    x1: x.toFixed(1),
    x2: x.toFixed(1),
    y1: headHeight - 6,
    y2: height,
  });
}
