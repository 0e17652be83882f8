import { errorFromJSON, RipvecError } from "@ripvec/core";
import { expect, test } from "vitest";
import { DownloadError } from "../src/index.js";

test("a DownloadError survives JSON, with its class where that is given", () => {
  const cause = new TypeError("fetch failed");
  const facts = { model: "org/name", file: "config.json", url: "https://x/y", status: 404, cause };
  const error = new DownloadError("not-found", "is not there", facts);
  const json: unknown = JSON.parse(JSON.stringify(error));
  const revived = errorFromJSON(json, { DownloadError });
  expect(revived).toBeInstanceOf(DownloadError);
  expect({ ...revived }).toEqual({ ...error });
  expect(revived.message).toBe(error.message);
  expect(revived.cause).toMatchObject({ name: "TypeError", message: "fetch failed" });
  const plain = errorFromJSON(json);
  expect(plain).toBeInstanceOf(RipvecError);
  expect(plain).toMatchObject({ name: "DownloadError", code: "DOWNLOAD", failure: "not-found" });
});
