import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { composed, expectVectors, packagesOfCpu } from "../programs.mjs";

export const name = "Next.js: a route handler, built and started";
export const quick = false;

const install = ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1"];
const files = {
  "app/layout.js":
    "export default function Layout({ children }) { return <html><body>{children}</body></html>; }\n",
  "app/page.js": "export default function Page() { return <p>ready</p>; }\n",
  "app/embed/route.js": composed("import")
    .replace(
      "async function main()",
      "export const dynamic = 'force-dynamic';\nexport async function GET()",
    )
    .replace(/console\.log\(JSON\.stringify\((.*)\)\);/, "return Response.json($1);")
    .replace(/main\(\);\s*$/, ""),
};

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves with the text of a page of a server that may still be starting. */
async function get(url, child) {
  for (let attempt = 0; attempt < 120 && child.exitCode === null; attempt += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer) return answer.text();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("Next.js did not answer within a minute");
}

export async function run({ app, sh, sandbox }) {
  // Next.js makes apps whose package.json has no "type".
  const manifest = { type: undefined };
  const folder = await app({ files, install: [...packagesOfCpu, ...install], manifest });
  const next = join(folder, "node_modules/next/dist/bin/next");
  await sh(folder, "node", [next, "build"]);
  const port = await freePort();
  const args = [next, "start", "-H", "127.0.0.1", "-p", String(port)];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: sandbox.environment,
    stdio: "ignore",
  });
  try {
    expectVectors(await get(`http://127.0.0.1:${port}/embed`, child));
  } finally {
    child.kill();
  }
}
