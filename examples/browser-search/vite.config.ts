import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { directory, files } from "@ripvec/model-all-minilm-l6-v2";
import { defineConfig, type Plugin, type UserConfig } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Serves the files of the built-in model under `model/`, and adds them to the build. */
function serveModel(): Plugin {
  return {
    name: "serve-model",
    configureServer(server) {
      server.middlewares.use("/model", ({ url = "" }, response, next) => {
        const path = url.slice(1).replace(/\?.*/, "");
        if (!files.includes(path)) return next();
        const file = join(directory, path);
        stat(file).then(({ size }) => {
          response.setHeader("Content-Length", size);
          createReadStream(file).on("error", next).pipe(response);
        }, next);
      });
    },
    async generateBundle() {
      for (const path of files) {
        const source = await readFile(join(directory, path));
        this.emitFile({ type: "asset", fileName: `model/${path}`, source });
      }
    },
  };
}

/** The built page runs only its own scripts and styles, and reads models from any server. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Not applied in development, where Vite adds its own styles and scripts to the page. */
function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: policy },
        injectTo: "head-prepend",
      },
    ],
  };
}

const config: UserConfig = defineConfig({
  root,
  // The build works in any folder of any web server.
  base: "./",
  // A missing file is a 404, not the page.
  appType: "mpa",
  plugins: [serveModel(), contentSecurityPolicy()],
  worker: { format: "es" },
  build: { target: "es2022", modulePreload: { polyfill: false } },
});

export default config;
