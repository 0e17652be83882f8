import { beforeEach, describe, expect, test, vi } from "vitest";
import * as browser from "../src/browser.js";
import { openModel } from "../src/index.js";
import { clock } from "../src/remote/clock.js";
import { expectWorking as expectWorkingInBrowser } from "./browser/tiny-directory.js";
import { misbehaviours } from "./misbehaviours.js";
import { cacheDir, expectWorking, hub, leftovers, name } from "./remote-hub.js";

const timeouts = { answerMs: 400, downloadMs: 400 };
let pauses: number[];

beforeEach(() => {
  pauses = [];
  vi.spyOn(clock, "pause").mockImplementation(async (delayMs, signal) => {
    signal?.throwIfAborted();
    pauses.push(delayMs);
  });
  return () => vi.restoreAllMocks();
});

const requests = () => hub.requests.length + hub.storageRequests.length;

const realms = {
  Node: {
    open: () => openModel(name, { cacheDir, timeouts }),
    expectWorking: (model: Awaited<ReturnType<typeof openModel>>) => expectWorking(model),
  },
  "a browser": {
    open: () => browser.openModel(name, { endpoint: hub.url, timeouts }),
    expectWorking: async (model: Awaited<ReturnType<typeof openModel>>) =>
      expectWorkingInBrowser(model),
  },
};

describe.each(Object.entries(realms))("in %s", (realm, { open, expectWorking: expectRight }) => {
  test.each(misbehaviours)("$name", async (mode) => {
    const { start, ends, requests: most = 40, waits = [] } = mode;
    hub.misbehave = start();
    if (mode.byHeaders && realm === "a browser") {
      const typed = (error: unknown) => expect(error).toMatchObject({ code: "DOWNLOAD" });
      await open().then(expectRight, typed);
    } else if (ends) {
      const { failure, message } = ends;
      await expect(open()).rejects.toMatchObject({
        code: "DOWNLOAD",
        failure,
        message: expect.stringMatching(message),
      });
    } else {
      await expectRight(await open());
    }
    expect(requests()).toBeLessThanOrEqual(most);
    for (const wait of waits) {
      expect(pauses.some((delayMs) => delayMs > wait - 1500 && delayMs < wait + 5000)).toBe(true);
    }
    expect(pauses.reduce((sum, delayMs) => sum + delayMs, 0)).toBeLessThan(300_000);
    if (realm === "Node") {
      expect((await leftovers()).filter((path) => !path.endsWith(".partial"))).toEqual([]);
    }
    // Files that remain must not prevent the next opening.
    hub.misbehave = () => false;
    await expectRight(await open());
  });
});
