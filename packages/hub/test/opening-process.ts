import { type DownloadProgress, openModel } from "../src/index.js";

/** Opens a model and writes the result as JSON to standard output. Ends when no work is left. */
const [name = "", cacheDir = ""] = process.argv.slice(2);
const events: DownloadProgress[] = [];

try {
  const model = await openModel(name, { cacheDir, onProgress: (event) => events.push(event) });
  const hash = await model.weights.hash();
  process.stdout.write(JSON.stringify({ hash, events: events.length }));
} catch (error) {
  const { message, code } = error as { message: string; code?: string };
  process.stdout.write(JSON.stringify({ message, code }));
}
