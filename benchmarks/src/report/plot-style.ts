interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly quiet: string;
  readonly rule: string;
  readonly peak: string;
  readonly ours: string;
  readonly oursI8: string;
  readonly onOurs: string;
  readonly peer: string;
  readonly peerI8: string;
  readonly onPeer: string;
}

const light: Palette = {
  paper: "#ffffff",
  ink: "#1b1f24",
  quiet: "#5b6570",
  rule: "#d8dee4",
  peak: "#c4462a",
  ours: "#1769c2",
  oursI8: "#7a3fc4",
  onOurs: "#ffffff",
  peer: "#98a2ac",
  peerI8: "#c4b291",
  onPeer: "#14181c",
};

const dark: Palette = {
  paper: "#0f1419",
  ink: "#e8edf2",
  quiet: "#9aa6b2",
  rule: "#2c343d",
  peak: "#ff8a6b",
  ours: "#58a6ff",
  oursI8: "#b58bf2",
  onOurs: "#0b1117",
  peer: "#6b7681",
  peerI8: "#85765a",
  onPeer: "#ffffff",
};

/** The styles use no custom properties, because some SVG renderers do not support them. */
function colours(palette: Palette): string {
  return [
    `.paper { fill: ${palette.paper}; }`,
    `text { fill: ${palette.ink}; }`,
    `.beside { stroke: ${palette.paper}; }`,
    `.note { fill: ${palette.quiet}; }`,
    `.rule { stroke: ${palette.rule}; }`,
    `.peak { stroke: ${palette.peak}; }`,
    `.bar.ours { fill: ${palette.ours}; }`,
    `.bar.ours.i8 { fill: ${palette.oursI8}; }`,
    `.bar.peer { fill: ${palette.peer}; }`,
    `.bar.peer.i8 { fill: ${palette.peerI8}; }`,
    `.figure.on.ours { fill: ${palette.onOurs}; }`,
    `.figure.on.peer { fill: ${palette.onPeer}; }`,
  ].join("\n");
}

/** Sizes, and colours for light and dark mode. */
export const plotStyle: string = `
text { font: 12px system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; }
.title { font-size: 18px; font-weight: 600; }
.load { font-size: 14px; font-weight: 600; }
.figure { font-size: 11px; }
.beside { paint-order: stroke; stroke-width: 4px; stroke-linejoin: round; }
.peak { stroke-dasharray: 3 3; }
${colours(light)}
@media (prefers-color-scheme: dark) {
${colours(dark)}
}
`;
