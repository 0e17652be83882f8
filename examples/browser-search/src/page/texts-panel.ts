import type { IndexedChunk, IndexProgress, SourceText } from "../protocol.js";
import type { ChunkList } from "./chunk-list.js";
import { onDrop } from "./drop.js";
import { announce, byId, make } from "./elements.js";
import { counted, duration, rate } from "./format.js";
import { JobBox } from "./job-box.js";
import { readFiles } from "./read-files.js";

export interface TextsEvents {
  onTexts(texts: readonly SourceText[]): void;
  onCancel(): void;
  onClear(): void;
}

/** Accepts texts that are pasted, chosen or dropped, and shows the progress of indexing. */
export class TextsPanel {
  readonly #job: JobBox;
  readonly #paste = byId("paste", HTMLTextAreaElement);
  readonly #refused = byId("refused", HTMLUListElement);
  readonly #words = byId("indexed-words", HTMLParagraphElement);
  readonly #indexed = byId("indexed", HTMLDivElement);
  readonly #names = byId("names", HTMLUListElement);
  readonly #counts = new Map<string, HTMLSpanElement>();
  readonly #chunks: ChunkList;
  readonly #events: TextsEvents;
  #pasted = 0;
  /** Quarters of the work that were announced. */
  #announced = 0;

  constructor(chunks: ChunkList, events: TextsEvents) {
    this.#chunks = chunks;
    this.#events = events;
    this.#job = new JobBox("indexing", () => events.onCancel());
    byId("paste-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#takePasted();
    });
    this.#paste.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#takePasted();
    });
    const files = byId("files", HTMLInputElement);
    files.addEventListener("change", () => {
      void this.#takeFiles(Array.from(files.files ?? []));
      files.value = "";
    });
    byId("sample", HTMLButtonElement).addEventListener("click", () => void this.#takeSample());
    byId("clear", HTMLButtonElement).addEventListener("click", () => {
      events.onClear();
      this.#paste.focus();
    });
    onDrop({
      onFiles: (dropped) => void this.#takeFiles(dropped),
      onText: (text) => this.#take([{ name: "Dropped text", text }]),
    });
  }

  showProgress(progress: IndexProgress): void {
    this.#words.textContent = "";
    this.#job.show(speed(progress), progress.fraction);
    const quarter = Math.floor(progress.fraction * 4);
    if (quarter > this.#announced && quarter < 4) announce(`${quarter * 25} % indexed`);
    this.#announced = Math.max(this.#announced, quarter);
  }

  /** Texts wait for a model. */
  showWaiting(): void {
    this.#showWords("Waiting for the model …");
  }

  showDone({ chunks, tokens, seconds }: IndexProgress): void {
    this.#end();
    const words = `Indexed ${counted(chunks, "chunk")}, ${counted(tokens, "token")} in ${duration(seconds * 1000)}`;
    this.#showWords(
      `${words}: ${rate(chunks, seconds)} texts/s, ${rate(tokens, seconds)} tokens/s.`,
    );
  }

  showCancelled(): void {
    this.#end();
    const { length } = this.#chunks;
    this.#showWords(
      length > 0
        ? `Stopped. ${counted(length, "chunk is", "chunks are")} indexed; add the rest again to index it.`
        : "Stopped before anything was indexed.",
    );
  }

  showFailed(): void {
    this.#end();
  }

  /** Counts the chunks that were added to the list. */
  showChunks(added: readonly IndexedChunk[]): void {
    for (const name of new Set(added.map((chunk) => chunk.name))) {
      const { chunks = 0, hue = 0 } = this.#chunks.text(name) ?? {};
      const count = this.#counts.get(name) ?? this.#addName(name, hue);
      count.textContent = counted(chunks, "chunk");
    }
    this.#showWhetherEmpty();
  }

  /** Nothing is indexed or being indexed. */
  clear(): void {
    this.#end();
    this.#words.textContent = "";
    this.#counts.clear();
    this.#names.replaceChildren();
    this.#showWhetherEmpty();
  }

  #addName(name: string, hue: number): HTMLSpanElement {
    const dot = make("span", "dot");
    dot.style.background = `hsl(${hue} 60% var(--dot-lightness))`;
    const words = make("span", "name", name);
    words.title = name;
    const count = make("span", "");
    this.#names.append(make("li", "", dot, words, count));
    this.#counts.set(name, count);
    return count;
  }

  #showWhetherEmpty(): void {
    const isEmpty = this.#counts.size === 0;
    this.#indexed.hidden = isEmpty;
    byId("sample-line", HTMLParagraphElement).hidden = !isEmpty;
  }

  #end(): void {
    this.#job.hide(this.#paste);
    this.#announced = 0;
  }

  #showWords(words: string): void {
    this.#words.textContent = words;
    announce(words);
  }

  #take(texts: readonly SourceText[], refused: readonly string[] = []): void {
    this.#refused.hidden = refused.length === 0;
    this.#refused.replaceChildren(...refused.map((words) => make("li", "", words)));
    if (refused.length > 0) announce(refused.join(" "));
    if (texts.length > 0) this.#events.onTexts(texts);
  }

  #takePasted(): void {
    const text = this.#paste.value;
    if (!/[\p{L}\p{N}]/u.test(text)) {
      this.#take([], ["There is nothing to index: paste a text first."]);
      this.#paste.focus();
      return;
    }
    this.#paste.value = "";
    this.#take([{ name: `Pasted text ${++this.#pasted}`, text }]);
  }

  async #takeFiles(files: readonly File[]): Promise<void> {
    const { texts, refused } = await readFiles(files);
    this.#take(texts, refused);
  }

  async #takeSample(): Promise<void> {
    try {
      const { sampleTexts } = await import("./sample-texts.js");
      this.#take(sampleTexts);
    } catch {
      this.#take([], ["The documentation could not be loaded: check the connection."]);
    }
  }
}

function speed({ fraction, chunks, tokens, seconds }: IndexProgress): string {
  const percent = Math.floor(fraction * 100);
  if (chunks === 0) return "Indexing …";
  return `Indexing: ${percent} %, ${rate(chunks, seconds)} texts/s, ${rate(tokens, seconds)} tokens/s`;
}
