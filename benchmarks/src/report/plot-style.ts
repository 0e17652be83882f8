/** Colours of the plot, for paper and for the dark. */
export const plotStyle = `
  svg { --paper: #ffffff; --ink: #1b1f24; --quiet: #5b6570; --rule: #d8dee4;
    --ours: #1769c2; --ours-i8: #7a3fc4; --peer: #8b949e; --peer-i8: #b9a98f;
    --on-ours: #ffffff; --on-peer: #14181c; --peak: #c4462a; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0f1419; --ink: #e8edf2; --quiet: #9aa6b2; --rule: #2c343d;
      --ours: #58a6ff; --ours-i8: #b58bf2; --peer: #6b7681; --peer-i8: #8f8064;
      --on-ours: #0b1117; --on-peer: #f2f5f8; --peak: #ff8a6b; }
  }
  text { font-family: system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
    font-size: 12px; fill: var(--ink); font-variant-numeric: tabular-nums; }
  .paper { fill: var(--paper); }
  .title { font-size: 18px; font-weight: 600; }
  .load { font-size: 14px; font-weight: 600; }
  .note { fill: var(--quiet); }
  .rule { stroke: var(--rule); }
  .peak { stroke: var(--peak); stroke-dasharray: 3 3; }
  .bar.ours { fill: var(--ours); }
  .bar.ours.i8 { fill: var(--ours-i8); }
  .bar.peer { fill: var(--peer); }
  .bar.peer.i8 { fill: var(--peer-i8); }
  .figure { font-size: 11px; }
  .figure.on.ours { fill: var(--on-ours); }
  .figure.on.peer { fill: var(--on-peer); }
`;
