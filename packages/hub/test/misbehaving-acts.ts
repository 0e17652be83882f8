import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { type Duty, json, type Misbehave, type Request } from "./hub-server.js";
import { tinyModel } from "./tiny-model.js";

/** What a hub does to a request; `count` numbers the affected requests from 1. */
export type Act = (response: ServerResponse, request: Request, count: number) => void;

export const weights = "model.safetensors";
export const body: Uint8Array = tinyModel()[weights] ?? new Uint8Array();
export const page =
  "<!doctype html><html><head><title>Sign in – Example Corp</title></head></html>";

/** Applies the act to each request of a kind, or to the first `times` of them. */
export function at(
  duty: Duty,
  act: Act,
  times: number = Number.POSITIVE_INFINITY,
): () => Misbehave {
  return () => {
    let count = 0;
    return (seen, request, response) => {
      if (seen !== duty || count >= times) return false;
      if (duty === "storage" && !request.path.endsWith(`/${weights}`)) return false;
      if (request.path.includes("2_Dense")) return false;
      count += 1;
      act(response, request, count);
      return true;
    };
  };
}

export const text =
  (content: string | Uint8Array, headers: Record<string, string> = {}, status = 200): Act =>
  (response) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(content);
  };
export const html: Act = text(page, { "Content-Type": "text/html" });
export const status = (code: number, headers: Record<string, string> = {}): Act =>
  text("busy", headers, code);
export const hang: Act = () => undefined;
export const reset: Act = (response) => response.socket?.destroy();

/** Keeps writing while the client reads. */
export function stream(
  response: ServerResponse,
  chunk: string | Uint8Array,
  pauseMs: number,
): void {
  const timer = setInterval(() => response.write(chunk), pauseMs);
  response.once("close", () => clearInterval(timer));
}

export const drip: Act = (response) => {
  response.writeHead(200, { "Content-Length": 100_000 });
  stream(response, " ", 100);
};

export const endless: Act = (response) => {
  response.writeHead(200);
  const chunk = Buffer.alloc(1 << 20, " ");
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more);
  more();
};

export const bomb: Uint8Array = gzipSync(Buffer.alloc(200 << 20, " "));

/** Sends the file from byte `from` on, with the Content-Range `bytes`. */
export function part(response: ServerResponse, from: number, bytes: string): void {
  response.writeHead(206, { "Content-Range": `bytes ${bytes}` });
  response.end(body.subarray(from));
}

/** Cuts the first answer, and gives the later ones to `act`. */
export function cutThen(act: Act, times?: number): () => Misbehave {
  return at(
    "storage",
    (response, request, count) => {
      if (count > 1) return act(response, request, count);
      response.writeHead(200, { "Content-Length": body.byteLength });
      response.write(body.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
    },
    times,
  );
}

export const linked = (next: (request: Request, count: number) => string): Act => {
  return (response, request, count) => {
    response.setHeader("Link", `<${next(request, count)}>; rel="next"`);
    json(response, []);
  };
};
export const origin = (response: ServerResponse): string => `http://${response.req.headers.host}`;
export const deep: string = "[".repeat(100_000) + "]".repeat(100_000);
