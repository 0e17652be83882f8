import { gzipSync } from "node:zlib";
import type { DownloadFailure } from "../src/index.js";
import { type Misbehave, type Request, refuse } from "./hub-server.js";
import {
  type Act,
  at,
  body,
  bomb,
  cutThen,
  deep,
  drip,
  endless,
  hang,
  html,
  linked,
  origin,
  part,
  reset,
  status,
  stream,
  text,
  weights,
} from "./misbehaving-acts.js";

interface End {
  readonly failure: DownloadFailure;
  readonly message: RegExp;
}

/** A fault of a hub, and the expected result of opening a model there. */
export interface Misbehaviour {
  readonly name: string;
  /** Made again for each opening, because it counts requests. */
  readonly start: () => Misbehave;
  /** The failure and the text that its message must contain; absent: the model opens. */
  readonly ends?: End;
  /**
   * The fault shows in headers that a page of another origin does not trust. There, any typed error
   * is right, and so is the model.
   */
  readonly byHeaders?: true;
  /** The most requests that may be sent; a good opening takes 15. */
  readonly requests?: number;
  /** Waits in ms that must be among those between attempts, within the backoff. */
  readonly waits?: readonly number[];
}

const network = (message: RegExp): End => ({ failure: "network", message });
const integrity = (message: RegExp): End => ({ failure: "integrity", message });
const questions: readonly [string, Act, End][] = [
  [
    "a page of a proxy",
    html,
    network(/HTML page titled "Sign in – Example Corp".*(HF_ENDPOINT|option endpoint)/),
  ],
  ["{}", text("{}"), network(/names no commit/)],
  ["[null]", text("[null]"), network(/the answer is a list/)],
  ["null", text("null"), network(/the answer is null/)],
  ["a commit that is a number", text('{"sha":12}'), network(/names the commit 12/)],
  [
    "a commit that is a path",
    text('{"sha":"../../x"}'),
    network(/names the commit "\.\.\/\.\.\/x"/),
  ],
  ["nothing", text(""), network(/the answer is empty/)],
  ["UTF-16", text(Buffer.from('\ufeff{"sha":""}', "utf16le")), network(/is not UTF-8 text/)],
  ["a bomb", text(bomb, { "Content-Encoding": "gzip" }), network(/has more than 8388608 bytes/)],
  [
    "a gzip header on a plain body",
    text("{}", { "Content-Encoding": "gzip" }),
    network(/incorrect header check|connection broke/),
  ],
  ["an endless body", endless, network(/has more than 8388608 bytes/)],
  ["a deep list", text(deep), network(/the answer is a list/)],
];

export const misbehaviours: readonly Misbehaviour[] = [
  ...questions.map(([name, act, ends]) => ({
    name: `revision: ${name}`,
    start: at("revision", act),
    ends,
    requests: 4,
  })),
  {
    name: "revision: the headers never arrive",
    start: at("revision", hang),
    ends: network(/cannot reach .*no answer within 0\.4 s \(4 tries\)/),
    requests: 4,
  },
  { name: "revision: the headers arrive at the second attempt", start: at("revision", hang, 1) },
  {
    name: "revision: single bytes with long pauses",
    start: at("revision", drip),
    ends: network(/no whole answer within 0\.4 s \(4 tries\)/),
    requests: 4,
  },
  { name: "revision: three broken connections", start: at("revision", reset, 3) },
  {
    name: "revision: every connection breaks",
    start: at("revision", reset),
    ends: network(/cannot reach .*\(4 tries\)/),
    requests: 4,
  },
  {
    name: "revision: a body that is cut",
    start: at(
      "revision",
      (response) => {
        response.writeHead(200, { "Content-Length": 1000 });
        response.write('{"sha":', () => setTimeout(() => response.destroy(), 20));
      },
      2,
    ),
  },
  {
    name: "revision: a redirect to itself",
    start: at("revision", (response, { path }) =>
      text("", { Location: origin(response) + path }, 302)(response, {} as Request, 0),
    ),
    ends: network(/redirect count exceeded/),
    requests: 84,
  },
  {
    name: "429 with Retry-After in seconds",
    start: at("revision", status(429, { "Retry-After": "7" }), 1),
    waits: [7000],
  },
  {
    name: "503 with Retry-After as a date",
    start: at(
      "listing",
      (response, request) =>
        status(503, { "Retry-After": new Date(Date.now() + 60_000).toUTCString() })(
          response,
          request,
          0,
        ),
      1,
    ),
    waits: [60_000],
  },
  {
    name: "429 with RateLimit",
    start: at("file", status(429, { RateLimit: '"resolvers";r=0;t=33' }), 1),
    waits: [33_000],
  },
  {
    name: "429 each time",
    start: at("revision", status(429, { "Retry-After": "20" })),
    ends: network(/answered 429 and asks to wait 20 s .*\(4 tries\)/),
    requests: 4,
    waits: [20_000],
  },
  {
    name: "429 that asks for two hours",
    start: at("revision", status(429, { "Retry-After": "7200" })),
    ends: network(/asks to wait 7200 s/),
    requests: 1,
  },
  {
    name: "429 with an invalid Retry-After",
    start: at("revision", status(429, { "Retry-After": "soon" }), 3),
  },
  { name: "listing: 500 and 502", start: at("listing", status(502), 3) },
  {
    name: "listing: 418",
    start: at("listing", status(418)),
    ends: network(/answered 418/),
    requests: 2,
  },
  {
    name: "listing: the next page is the same",
    start: at(
      "listing",
      linked(({ path }) => `${path}?recursive=true`),
    ),
    ends: integrity(/leads back to a page that was already read/),
    requests: 2,
  },
  {
    name: "listing: endless pages",
    start: at(
      "listing",
      linked(({ path }, count) => `${path}?cursor=${count}`),
    ),
    ends: integrity(/does not end: 0 entries on \d+ pages/),
    requests: 1002,
  },
  {
    name: "listing: the next page is elsewhere",
    start: at(
      "listing",
      linked(() => "https://user:secret@elsewhere.example/x?signature=secret"),
    ),
    ends: integrity(/^(?!.*secret).*continues at another server, https:\/\/elsewhere\.example$/),
    requests: 2,
  },
  {
    name: "listing: the next page is not a URL",
    start: at(
      "listing",
      linked(() => "http://["),
    ),
    ends: network(/a next page whose address is not a URL/),
    requests: 2,
  },
  {
    name: "listing: {}",
    start: at("listing", text("{}")),
    ends: network(/the answer is an object instead of a list/),
    requests: 2,
  },
  {
    name: "listing: [null]",
    start: at("listing", text("[null]")),
    ends: network(/entry 0 of the answer is null/),
    requests: 2,
  },
  {
    name: "listing: a name that is a deep list",
    start: at("listing", text(`[{"type":"file","size":1,"path":${deep}}]`)),
    ends: integrity(/not a valid file: path a list/),
    requests: 2,
  },
  {
    name: "listing: the same name twice",
    start: at(
      "listing",
      text(
        JSON.stringify(
          ["0", "1"].map((digit) => ({ type: "file", path: "x", size: 1, oid: digit.repeat(40) })),
        ),
      ),
    ),
    ends: integrity(/lists "x" twice/),
    requests: 2,
  },
  {
    name: "file: the headers never arrive",
    start: at("storage", hang),
    ends: network(/no answer within 0\.4 s \(4 tries\)/),
  },
  {
    name: "file: single bytes with long pauses",
    start: at("storage", (response) => {
      response.writeHead(200, { "Content-Length": body.byteLength });
      response.write(body.subarray(0, 1));
      stream(response, Buffer.of(0), 100);
    }),
    ends: network(/no more than \d bytes within 0\.4 s \(4 tries\)/),
  },
  {
    name: "file: one stall in the middle",
    start: at(
      "storage",
      (response) => {
        response.writeHead(200, { "Content-Length": body.byteLength });
        response.write(body.subarray(0, 100_000));
      },
      1,
    ),
  },
  {
    name: "file: ten bytes for each connection",
    start: at("storage", (response, { range }) => {
      const from = Number(/\d+/.exec(range ?? "")?.[0] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, {
        ...(from > 0 && {
          "Content-Range": `bytes ${from}-${body.byteLength - 1}/${body.byteLength}`,
        }),
        "Content-Length": body.byteLength - from,
      });
      response.write(body.subarray(from, from + 10), () =>
        setTimeout(() => response.destroy(), 30),
      );
    }),
    ends: network(/stopped at \d+ of \d+ bytes: .*\(4 tries\)/),
    requests: 30,
  },
  {
    name: "file: an endless body",
    start: at("storage", endless),
    ends: integrity(/sends more than the \d+ bytes/),
  },
  {
    name: "file: an endless body that begins with the file",
    start: at("storage", (response) => {
      response.writeHead(200, { "Content-Type": "application/octet-stream" });
      response.write(body);
      stream(response, Buffer.alloc(1000), 5);
    }),
    ends: integrity(/sends more than the \d+ bytes/),
  },
  {
    name: "file: the connection stays open after the last byte",
    start: at("storage", (response) => {
      response.writeHead(200);
      response.write(body);
    }),
  },
  {
    name: "file: a wrong length",
    start: at("storage", text(body.subarray(0, 1000))),
    ends: network(/it ends too early \(4 tries\)/),
  },
  {
    name: "file: a wrong length that is announced",
    byHeaders: true,
    start: at("storage", (response) => {
      response.writeHead(200, { "Content-Length": 1000 });
      response.end(body.subarray(0, 1000));
    }),
    ends: integrity(/announces 1000 bytes, the hub lists \d+/),
  },
  {
    name: "file: a page of a proxy",
    start: at("storage", html),
    ends: network(/redirected to http:\/\/127\.0\.0\.1:\d+, is an HTML page titled "Sign in/),
  },
  {
    name: "file: other bytes of the right length",
    start: at("storage", text(new Uint8Array(body.byteLength))),
    ends: integrity(/sha256 [0-9a-f]{64} instead of/),
  },
  {
    name: "file: gzip that was not requested",
    start: at("storage", text(gzipSync(body), { "Content-Encoding": "gzip" })),
  },
  {
    name: "file: a storage that does not exist",
    start: at("file", (response, request) =>
      request.path.endsWith(weights)
        ? text("", { Location: "http://127.0.0.1:9/x?signature=secret" }, 302)(response, request, 0)
        : refuse(response, 503),
    ),
    ends: network(/^(?!.*secret)/),
    requests: 80,
  },
  {
    name: "rest of a file: 416",
    start: cutThen((response, { range }) => {
      if (range === undefined) text(body)(response, {} as Request, 0);
      else status(416)(response, {} as Request, 0);
    }),
  },
  { name: "rest of a file: the whole of it", start: cutThen(text(body)) },
  {
    name: "rest of a file: from a later position",
    start: cutThen((response, request) => {
      if (request.range === undefined) text(body)(response, request, 0);
      else part(response, 200_000, `200000-${body.byteLength - 1}/${body.byteLength}`);
    }),
    requests: 20,
  },
  {
    name: "rest of a file: from an earlier position",
    start: cutThen((response) =>
      part(response, 10, `10-${body.byteLength - 1}/${body.byteLength}`),
    ),
  },
  {
    name: "rest of a file: of a longer one",
    byHeaders: true,
    start: cutThen((response, request) => {
      const from = Number(/\d+/.exec(request.range ?? "")?.[0]);
      part(response, from, `${from}-${body.byteLength + 9}/${body.byteLength + 10}`);
    }),
    ends: integrity(/announces \d+ bytes, the hub lists \d+/),
  },
  {
    name: "rest of a file: gzip of it",
    start: cutThen((response, request) => {
      if (request.range === undefined) return text(body)(response, request, 0);
      response.writeHead(206, { "Content-Range": "bytes 100-200/300", "Content-Encoding": "gzip" });
      response.end(gzipSync(body));
    }),
  },
  {
    name: "rest of a file: of another version, once",
    start: cutThen((response, request, count) => {
      const from = Number(/\d+/.exec(request.range ?? "")?.[0] ?? 0);
      if (count > 2) return text(body)(response, request, 0);
      response.writeHead(206, {
        "Content-Range": `bytes ${from}-${body.byteLength - 1}/${body.byteLength}`,
      });
      response.end(new Uint8Array(body.byteLength - from));
    }),
  },
  {
    name: "a part of a file that was not requested",
    start: at("storage", (response) =>
      part(response, 10, `10-${body.byteLength - 1}/${body.byteLength}`),
    ),
    ends: integrity(/a part of the file that was not requested/),
  },
];
