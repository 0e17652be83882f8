import { explain } from "../problem.js";
import type { ModelChoice, Request, SourceText } from "../protocol.js";
import type { SendReport } from "./chunk-map.js";
import { Library } from "./library.js";
import type { OpenSession, Session } from "./session.js";

/** Why work was stopped: by the user, or because other work replaces it. */
type Stop = "cancelled" | "replaced";

interface Job {
  readonly what: "load" | "index";
  readonly controller: AbortController;
}

/**
 * The page's model, texts and index. Loading and indexing run one after the other. A model that is
 * loaded later indexes all texts again.
 */
export class Engine {
  readonly #open: OpenSession;
  readonly #send: SendReport;
  readonly #jobs = new Set<Job>();
  #lastJob: Promise<void> = Promise.resolve();
  #session: Session | undefined;
  #library: Library | undefined;
  #query = "";
  #texts: SourceText[] = [];
  /** Texts that are indexed or are being indexed. */
  #taken = 0;

  constructor(open: OpenSession, send: SendReport) {
    this.#open = open;
    this.#send = send;
  }

  handle(request: Request): void {
    switch (request.kind) {
      case "load":
        this.#stop("replaced", "load", "index");
        this.#add("load", (signal) => this.#load(request, signal));
        break;
      case "add":
        this.#texts.push(...request.texts);
        this.#add("index", (signal) => this.#index(signal));
        break;
      case "cancel":
        this.#cancel();
        break;
      case "clear":
        this.#stop("replaced", "index");
        this.#texts = [];
        this.#taken = 0;
        this.#lastJob = this.#lastJob.then(() => this.#clear());
        break;
      case "search":
        this.#query = request.query;
        void this.#library?.searcher.ask(request.query);
        break;
      default:
        request satisfies never;
    }
  }

  /** Resolves when all requested work is done. */
  idle(): Promise<void> {
    return this.#lastJob;
  }

  /**
   * Texts that wait for a model continue to wait; other texts that were not begun are dropped, and
   * are indexed when the user adds them again.
   */
  #cancel(): void {
    if ([...this.#jobs].some(({ what }) => what === "load")) {
      this.#stop("cancelled", "load");
    } else {
      this.#stop("cancelled", "index");
      this.#texts.length = this.#taken;
    }
  }

  #stop(reason: Stop, ...kinds: readonly Job["what"][]): void {
    for (const { what, controller } of this.#jobs) {
      if (kinds.includes(what)) controller.abort(reason);
    }
  }

  #add(what: Job["what"], run: (signal: AbortSignal) => Promise<void>): void {
    const controller = new AbortController();
    const { signal } = controller;
    const job: Job = { what, controller };
    this.#jobs.add(job);
    this.#lastJob = this.#lastJob.then(async () => {
      try {
        signal.throwIfAborted();
        await run(signal);
      } catch (error) {
        const reason: Stop | undefined = signal.reason;
        if (!signal.aborted) this.#send({ kind: "failed", what, problem: explain(error) });
        else if (reason === "cancelled") this.#send({ kind: "cancelled", what });
      } finally {
        this.#jobs.delete(job);
      }
    });
  }

  async #load(choice: ModelChoice, signal: AbortSignal): Promise<void> {
    const old = this.#session;
    this.#session = undefined;
    this.#clear();
    await old?.backend.close();
    const session = await this.#open(choice, {
      signal,
      onBytes: (bytes) => this.#send({ kind: "loading", bytes }),
      onFiles: () => this.#send({ kind: "loading" }),
    });
    this.#session = session;
    this.#clear();
    this.#send({ kind: "ready", facts: session.facts });
    this.#add("index", (next) => this.#index(next));
  }

  /** Starts an empty index. The remaining texts will be indexed again. */
  #clear(): void {
    this.#taken = 0;
    this.#send({ kind: "reset" });
    this.#library = this.#session && this.#newLibrary(this.#session);
    void this.#library?.searcher.ask(this.#query);
  }

  /** Sends nothing after another library has replaced this one. */
  #newLibrary(session: Session): Library {
    const isCurrent = () => this.#library === library;
    const library: Library = new Library(
      session,
      (report, transfer) => isCurrent() && this.#send(report, transfer),
      (error) =>
        isCurrent() && this.#send({ kind: "failed", what: "search", problem: explain(error) }),
    );
    return library;
  }

  async #index(signal: AbortSignal): Promise<void> {
    const library = this.#library;
    if (!library || this.#taken >= this.#texts.length) return;
    const take = () => (signal.aborted ? undefined : this.#take());
    const progress = await library.add(take, () => this.#charactersLeft(), signal);
    this.#send({ kind: "indexed", progress });
  }

  #take(): SourceText | undefined {
    const text = this.#texts[this.#taken];
    if (text) this.#taken++;
    return text;
  }

  #charactersLeft(): number {
    return this.#texts.slice(this.#taken).reduce((sum, { text }) => sum + text.length, 0);
  }
}
