import { expect, test } from "vitest";
import { candidatesFor, distinctPlaces } from "../src/places.js";

const hit = (path: string, from: number, to: number, pathBytes?: string) => ({
  path,
  from,
  to,
  ...(pathBytes === undefined ? {} : { pathBytes }),
});

test("of overlapping or adjacent hits only the best is kept; a line between them separates them", () => {
  const best = hit("a.md", 20, 30);
  const others = [
    hit("a.md", 29, 40), // overlaps
    hit("a.md", 31, 45), // the next line
    hit("a.md", 10, 19), // the line before
    hit("a.md", 22, 24), // inside
    hit("a.md", 1, 60), // around
  ];
  const apart = [hit("a.md", 32, 40), hit("a.md", 10, 18), hit("b.md", 20, 30)];
  expect(distinctPlaces([best, ...others, ...apart], 10)).toEqual([best, ...apart]);
});

test("a hit that is not listed hides no other, and files are distinguished by their bytes", () => {
  const row = [hit("a", 1, 10), hit("a", 11, 20), hit("a", 21, 30)];
  expect(distinctPlaces(row, 10)).toEqual([row[0], row[2]]);
  const names = [hit("\ufffd", 1, 2, "/w=="), hit("\ufffd", 1, 2, "/g==")];
  expect(distinctPlaces(names, 10)).toEqual(names);
});

test("the requested number is listed, from a bounded number of candidates", () => {
  const hits = [hit("a", 1, 2), hit("a", 3, 4), hit("b", 1, 2), hit("c", 1, 2)];
  expect(distinctPlaces(hits, 2)).toEqual([hits[0], hits[2]]);
  expect([1, 10].map(candidatesFor)).toEqual([20, 56]);
});
