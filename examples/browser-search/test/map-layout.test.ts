import { expect, test } from "vitest";
import { MapLayout } from "../src/page/map-layout.js";

/** A cross: middle, right, left, top, bottom; y points up. */
const cross = Float32Array.from([0, 0, 2, 0, -2, 0, 0, 1, 0, -1]);
const layout = new MapLayout(cross, 344, 244);

test("fits the points into the rectangle, the first axis to the right and the second up", () => {
  const places = [0, 1, 2, 3, 4].map((id) => layout.place(id));
  expect(places).toEqual([
    { x: 172, y: 122 },
    { x: 322, y: 122 },
    { x: 22, y: 122 },
    { x: 172, y: 22 },
    { x: 172, y: 222 },
  ]);
});

test("puts points without spread in the middle", () => {
  expect(new MapLayout(Float32Array.from([7, 7, 7, 7]), 100, 60).place(1)).toEqual({
    x: 50,
    y: 30,
  });
});

test("finds the nearest point within reach", () => {
  expect(layout.nearest({ x: 310, y: 130 }, 24)).toBe(1);
  expect(layout.nearest({ x: 250, y: 122 }, 24)).toBeUndefined();
  expect(new MapLayout(new Float32Array(), 9, 9).nearest({ x: 4, y: 4 }, 24)).toBeUndefined();
});

test("moves from point to point in a direction, and stays at the edge", () => {
  expect(layout.neighbour(2, "right")).toBe(0);
  expect(layout.neighbour(0, "right")).toBe(1);
  expect(layout.neighbour(0, "up")).toBe(3);
  expect(layout.neighbour(3, "down")).toBe(0);
  expect(layout.neighbour(1, "right")).toBeUndefined();
});
