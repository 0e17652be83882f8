import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import * as browser from "../src/browser.js";
import { openModel } from "../src/index.js";
import type { Duty } from "./hub-server.js";
import { cacheDir, expectWorking, hub, leftovers, name } from "./remote-hub.js";

const realms = {
  node: (signal: AbortSignal) => openModel(name, { cacheDir, signal }),
  browser: (signal: AbortSignal) => browser.openModel(name, { endpoint: hub.url, signal }),
};
const duties: readonly Duty[] = ["revision", "listing", "file", "storage"];
const ways = {
  "the headers never arrive": undefined,
  "the body never arrives": { status: 200, headers: {} },
  "the server asks to wait a minute": { status: 429, headers: { "Retry-After": "60" } },
};

test.each(["node", "browser"] as const)("%s: an abort right after the call", async (realm) => {
  const controller = new AbortController();
  const opening = realms[realm](controller.signal);
  controller.abort(new Error("enough"));
  await expect(opening).rejects.toThrow("enough");
  expect(hub.requests).toEqual([]);
});

test.each(
  duties.flatMap((duty) =>
    Object.entries(ways).flatMap(([way, answer]) =>
      (["node", "browser"] as const).map((realm) => ({ duty, way, answer, realm })),
    ),
  ),
)(
  "$realm, $duty: $way; an abort ends the opening and leaves nothing behind",
  async ({ duty, answer, realm }) => {
    const controller = new AbortController();
    let open = 0;
    hub.misbehave = (seen, _request, response) => {
      if (seen !== duty) return false;
      open += 1;
      response.once("close", () => {
        open -= 1;
      });
      if (answer) response.writeHead(answer.status, answer.headers).write(" ");
      if (answer?.status === 429) response.end();
      // Gives the requests time to arrive.
      setTimeout(() => controller.abort(new Error("enough")), 100);
      return true;
    };
    await expect(realms[realm](controller.signal)).rejects.toThrow("enough");
    await expect.poll(() => open).toBe(0);
    await expect.poll(() => getEventListeners(controller.signal, "abort").length).toBe(0);
    if (realm === "node") {
      const locks = async () => (await leftovers()).filter((path) => !path.endsWith(".partial"));
      await expect.poll(locks).toEqual([]);
      hub.misbehave = () => false;
      await expectWorking(await openModel(name, { cacheDir }));
    }
  },
);
