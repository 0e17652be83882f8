import type { Request } from "../protocol.js";
import { Engine } from "./engine.js";
import { openSession } from "./open-session.js";

/** Owns the model, the GPU and the index, so that the page never waits for them. */
const engine = new Engine(openSession, (report, transfer = []) => {
  postMessage(report, { transfer });
});

addEventListener("message", ({ data }: MessageEvent<Request>) => engine.handle(data));
