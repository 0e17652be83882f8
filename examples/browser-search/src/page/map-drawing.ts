import type { Hit } from "../protocol.js";
import type { MapLayout } from "./map-layout.js";

export interface Scene {
  readonly layout: MapLayout;
  /** Best first. */
  readonly hits: readonly Hit[];
  readonly current: number | undefined;
  readonly hueOf: (id: number) => number;
}

const dotRadius = 3.5;
const hitRadius = 10;

/** Draws in CSS pixels: the context is already scaled. */
export function drawMap(context: CanvasRenderingContext2D, scene: Scene): void {
  const style = getComputedStyle(context.canvas);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const { layout, hits, current, hueOf } = scene;
  const lightness = colour("--dot-lightness");
  context.globalAlpha = hits.length > 0 ? 0.45 : 0.8;
  for (let id = 0; id < layout.count; id++) {
    context.fillStyle = `hsl(${hueOf(id)} 60% ${lightness})`;
    disc(context, layout, id, dotRadius);
  }
  context.globalAlpha = 1;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `700 12px ${style.fontFamily}`;
  // The best hit is drawn last, above the others.
  for (const [index, { chunk }] of [...hits.entries()].reverse()) {
    if (chunk >= layout.count) continue;
    context.fillStyle = colour("--accent");
    context.strokeStyle = colour("--page");
    context.lineWidth = 1.5;
    disc(context, layout, chunk, hitRadius);
    context.stroke();
    context.fillStyle = colour("--accent-text");
    const { x, y } = layout.place(chunk);
    context.fillText(String(index + 1), x, y + 0.5);
  }
  if (current === undefined || current >= layout.count) return;
  const isHit = hits.some(({ chunk }) => chunk === current);
  ring(context, layout, current, (isHit ? hitRadius : dotRadius) + 4, colour("--text"));
}

function disc(
  context: CanvasRenderingContext2D,
  layout: MapLayout,
  id: number,
  radius: number,
): void {
  const { x, y } = layout.place(id);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function ring(
  context: CanvasRenderingContext2D,
  layout: MapLayout,
  id: number,
  radius: number,
  colour: string,
): void {
  const { x, y } = layout.place(id);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.stroke();
}
