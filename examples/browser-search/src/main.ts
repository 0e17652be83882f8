import { ChunkList } from "./page/chunk-list.js";
import { ModelPanel } from "./page/model-panel.js";
import { hideProblem, showProblem, whenWebGpu } from "./page/notices.js";
import { SearchPanel } from "./page/search-panel.js";
import { TextsPanel } from "./page/texts-panel.js";
import type { Problem } from "./problem.js";
import type { Report, Request } from "./protocol.js";

/** Starts the worker, and connects it to the parts of the page. */
function start(): void {
  const worker = new Worker(new URL("./engine/worker.ts", import.meta.url), { type: "module" });
  const ask = (request: Request) => worker.postMessage(request);
  const cancel = () => ask({ kind: "cancel" });

  const chunks = new ChunkList();
  let isReady = false;
  const model = new ModelPanel({
    onLoad: (choice) => {
      hideProblem();
      isReady = false;
      search.hasModel = false;
      ask({ kind: "load", ...choice });
    },
    onCancel: cancel,
  });
  const texts = new TextsPanel(chunks, {
    onTexts: (given) => {
      if (!isReady) texts.showWaiting();
      ask({ kind: "add", texts: given });
    },
    onCancel: cancel,
    onClear: () => ask({ kind: "clear" }),
  });
  const search = new SearchPanel(chunks, (query) => ask({ kind: "search", query }));
  const loadAgain = { words: "Load the model again", run: () => model.load() };
  const loadBuiltIn = { words: "Load the built-in model", run: () => model.loadBuiltIn() };

  const showNoModel = (problem: Problem): void => {
    model.showNone();
    texts.showFailed();
    showProblem(problem, model.isBuiltIn ? loadAgain : loadBuiltIn);
  };
  const show = (report: Report): void => {
    switch (report.kind) {
      case "loading":
        model.showLoading(report.bytes);
        break;
      case "ready":
        isReady = true;
        search.hasModel = true;
        model.showReady(report.facts);
        break;
      case "reset":
        chunks.clear();
        texts.clear();
        search.clear();
        break;
      case "chunks":
        chunks.add(report.chunks);
        texts.showChunks(report.chunks);
        search.showState();
        break;
      case "map":
        search.map.place(report.first, report.points);
        break;
      case "progress":
        texts.showProgress(report.progress);
        break;
      case "indexed":
        texts.showDone(report.progress);
        break;
      case "hits":
        search.showHits(report);
        break;
      case "cancelled":
        if (report.what === "index") {
          texts.showCancelled();
        } else {
          showNoModel({ title: "Loading was cancelled.", advice: [] });
        }
        break;
      case "failed":
        if (report.what === "load") {
          showNoModel(report.problem);
        } else {
          texts.showFailed();
          showProblem(report.problem, loadAgain);
        }
        break;
      default:
        report satisfies never;
    }
  };
  worker.addEventListener("message", ({ data }: MessageEvent<Report>) => show(data));
  worker.addEventListener("error", ({ message }) => {
    const advice = ["Reload the page. If that does not help, use a newer browser."];
    showProblem({ title: "The page's worker stopped unexpectedly.", advice, details: message });
  });
  model.load();
}

void whenWebGpu(start);
