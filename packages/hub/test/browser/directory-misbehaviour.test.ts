import { beforeEach, describe, expect, test, vi } from "vitest";
import { openModel } from "../../src/browser.js";
import { clock } from "../../src/remote/clock.js";
import type { Fault } from "../hub-server.js";
import { tinyModel } from "../tiny-model.js";
import { expectWorking, server, weights } from "./tiny-directory.js";

const timeouts = { answerMs: 400, downloadMs: 400 };

beforeEach(() => {
  vi.spyOn(clock, "pause").mockImplementation(async (_, signal) => signal?.throwIfAborted());
  return () => vi.restoreAllMocks();
});

describe("a server of files that misbehaves", () => {
  test.each<[string, object, RegExp]>([
    ["hangs", { hang: true }, /no answer within 0\.4 s \(4 tries\)/],
    [
      "stalls",
      { slow: { stepBytes: 1, pauseMs: 100 } },
      /stopped at \d+ of \d+ bytes: no more than \d+ bytes within 0\.4 s/,
    ],
    ["breaks off", { cutAfter: { bytes: 1000, times: 9 } }, /stopped at \d+ of \d+ bytes/],
    ["is in trouble", { status: { code: 503, times: 9 } }, /answered 503 .*\(4 tries\)/],
  ])("%s", async (_, fault, message) => {
    server.faults.set(weights, fault);
    await expect(openModel(server.url, { timeouts })).rejects.toMatchObject({
      failure: "network",
      file: weights,
      message: expect.stringMatching(message),
    });
    expect(server.seen.filter(({ path }) => path === weights).length).toBeLessThanOrEqual(5);
    await expect.poll(() => server.active).toBe(0);
    server.faults.clear();
    expectWorking(await openModel(server.url, { timeouts }));
  });
});

describe("secrets in the URL of a directory", () => {
  const secret = () => `${server.url.replace("//", "//user:p%40ss@")}?signature=secret`;

  test("the password goes to the server as a header, the query with every file", async () => {
    const authorizations: (string | undefined)[] = [];
    server.watch = ({ headers }) => authorizations.push(headers.authorization);
    const model = await openModel(secret());
    expectWorking(model);
    const expected = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(new Set(authorizations)).toEqual(new Set([expected]));
    expect(model.id).toBe(`${server.url}?…`);
    expect(model.weights.get("bias").byteLength).toBe(32);
  });

  const fault = (path: string, spoiled: Fault) => ({ faults: new Map([[path, spoiled]]) });
  const changed = (path: string, body: Uint8Array) => ({ files: { ...tinyModel(), [path]: body } });

  test.each<[string, object]>([
    ["absent", { files: {} }],
    ["refused", fault("config.json", { status: { code: 403, times: 9 } })],
    ["with a server error", fault(weights, { status: { code: 500, times: 9 } })],
    ["cut", fault(weights, { cutAfter: { bytes: 9, times: 9 } })],
    ["a page", { files: {}, fallback: "always" }],
    ["broken", changed("config.json", Buffer.from("{"))],
    ["without its end", changed(weights, Buffer.alloc(9))],
  ])("no message contains them: a file is %s", async (_, spoiled) => {
    Object.assign(server, spoiled);
    const error: unknown = await openModel(secret()).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ message: expect.stringContaining("?…") });
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      expect(at.message).not.toMatch(/p%40ss|p@ss|secret/);
    }
  });
});
