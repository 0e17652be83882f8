import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Where in the browser tests run: in a page, or in a dedicated worker. */
export const realms = ["page", "worker"] as const;
export type Realm = (typeof realms)[number];

const starts: Record<Realm, string> = {
  page: `<script type="module" src="/tests.js"></script>`,
  worker: `<script type="module">
    const worker = new Worker("/tests.js", { type: "module" });
    worker.onerror = (event) => console.error("the worker failed:", event.message);
  </script>`,
};

export interface TestServer {
  readonly origin: string;
  close(): Promise<void>;
}

interface ServedPage {
  readonly type: string;
  readonly body: string;
}

/** By path: the script, `/page` that runs it and `/worker` that starts a dedicated worker with it. */
export function pagesOf(code: string): Map<string, ServedPage> {
  const pages = new Map([["/tests.js", { type: "text/javascript", body: code }]]);
  for (const [realm, body] of Object.entries(starts)) {
    const head = `<!doctype html><link rel="icon" href="data:,"><title>${realm}</title>`;
    pages.set(`/${realm}`, { type: "text/html", body: head + body });
  }
  return pages;
}

/** Serves the script and its pages. */
export async function serve(code: string): Promise<TestServer> {
  const answers = pagesOf(code);
  const server = createServer((request, response) => {
    const answer = answers.get(request.url ?? "");
    const headers = { "content-type": `${answer?.type ?? "text/plain"}; charset=utf-8` };
    response.writeHead(answer ? 200 : 404, headers).end(answer?.body ?? "not found");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
