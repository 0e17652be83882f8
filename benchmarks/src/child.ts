import type { ChildTask } from "./children.js";
import type { Engine, InputKind } from "./engines/engine.js";
import { engineNamed } from "./engines/registry.js";
import { inputOf } from "./inputs.js";
import { loadByName } from "./loads.js";
import { memoryNow } from "./process-memory.js";

/** Runs the one task in its argument and writes the result to stdout as JSON. */
async function main(task: ChildTask): Promise<unknown> {
  switch (task.task) {
    case "first-vector": {
      const load = loadByName(task.load);
      const engine = await open(task, load.input);
      const [vector] = await engine.embed(inputOf(load));
      return Array.from(vector ?? []);
    }
    case "memory": {
      const engine = await open(task, task.kind);
      const loaded = await memoryNow();
      const input = inputOf({ ...loadByName(task.load), input: task.kind });
      for (let run = 0; run < 2; run++) await engine.embed(input);
      return { loadedRssBytes: loaded?.rssBytes, peakRssBytes: (await memoryNow())?.peakRssBytes };
    }
    case "stream": {
      const { streamCosts } = await import("./measures/stream-costs.js");
      return streamCosts(task);
    }
    default:
      return task satisfies never;
  }
}

function open({ engine, model, threads }: ChildTask, kind: InputKind): Promise<Engine> {
  return engineNamed(engine).open(model, { threads, kind });
}

process.stdout.write(JSON.stringify(await main(JSON.parse(process.argv[2] ?? "null"))), () =>
  process.exit(0),
);
