import { afterAll, beforeAll, expect, test } from "vitest";
import { type Children, children } from "./support/child.js";

let processes: Children;
beforeAll(async () => {
  processes = await children();
});
afterAll(() => processes.dispose());

/**
 * Replaces a file by a whole one and truncates it soon after, again and again, until this process
 * or its parent ends.
 */
const changer = `
  const fs = require("node:fs");
  const [path, size] = process.argv.slice(1);
  const bytes = Buffer.from(new Float32Array(size / 4).map((_, i) => i).buffer);
  const parent = process.ppid;
  while (process.ppid === parent) {
    fs.writeFileSync(path + ".new", bytes);
    const hourAgo = Date.now() / 1000 - 3600;
    fs.utimesSync(path + ".new", hourAgo, hourAgo);
    fs.renameSync(path + ".new", path);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * 40);
    fs.truncateSync(path, 5000);
  }
`;

/** Not on Windows, where a file that is open cannot be truncated. */
test.runIf(process.platform !== "win32")(
  "a table that another process truncates while passes read it causes no wrong result and no crash",
  async () => {
    const { code, signal, stdout, stderr } = await processes.run(`
      const { cpu, isRipvecError } = await import(api);
      const { spawn } = await import("node:child_process");
      const fs = await import("node:fs");
      const { tmpdir } = await import("node:os");
      const { join } = await import("node:path");
      const folder = fs.mkdtempSync(join(tmpdir(), "ripvec-cut-"));
      const path = join(folder, "table");
      const [rows, cols] = [4_000, 64];
      const byteLength = rows * cols * 4;
      fs.writeFileSync(path, new Float32Array(rows * cols).map((_, i) => i));
      const changer = spawn(process.execPath, ["-e", ${JSON.stringify(changer)}, path, byteLength]);
      const driver = await cpu({ threads: 2 });
      const view = { name: "table", dtype: "f32", shape: [rows, cols], byteLength, file: { path, byteOffset: 0 } };
      const ids = Int32Array.from({ length: rows }, (_, i) => (i * 7919) % rows);
      const pass = async () => {
        const table = driver.createTensor(view, "table");
        try {
          return await driver.run((ops) => {
            const out = ops.alloc("f32", [rows, cols]);
            ops.embedding_lookup({ table, ids: ops.input(ids, [rows]), out });
            return out;
          });
        } finally {
          driver.releaseTensor(table);
        }
      };
      const counts = { right: 0, refused: 0 };
      try {
        // The other process may be slow to start, or to have its turn.
        const end = Date.now() + 30_000;
        while ((counts.right < 20 || counts.refused < 20) && Date.now() < end) {
          try {
            const values = await pass();
            for (let r = 0; r < rows; r++) {
              for (const c of [0, cols - 1]) {
                if (values[r * cols + c] !== ids[r] * cols + c) throw new Error("wrong at " + r);
              }
            }
            counts.right++;
          } catch (error) {
            if (!isRipvecError(error) || error.code !== "MODEL_FILE") throw error;
            counts.refused++;
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
        }
      } finally {
        changer.kill("SIGKILL");
        await driver.close();
        fs.rmSync(folder, { recursive: true });
      }
      console.log(JSON.stringify(counts));
    `);
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: "" });
    const { right, refused } = JSON.parse(stdout) as { right: number; refused: number };
    expect(right).toBeGreaterThanOrEqual(20);
    expect(refused).toBeGreaterThanOrEqual(20);
  },
);
