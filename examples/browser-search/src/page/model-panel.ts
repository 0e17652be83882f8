import type { WeightDType } from "@ripvec/core";
import { builtInModel } from "../built-in-model.js";
import type { ModelChoice, ModelFacts } from "../protocol.js";
import { announce, byId } from "./elements.js";
import { counted, megabytes } from "./format.js";
import { JobBox } from "./job-box.js";

export interface ModelEvents {
  onLoad(choice: ModelChoice): void;
  onCancel(): void;
}

/** Options of the form besides the setting of the files. */
const offered: readonly WeightDType[] = ["f32", "f16", "i8"];

/** Shows which model runs and on which device, and has the form for choosing another. */
export class ModelPanel {
  readonly #job: JobBox;
  readonly #facts = byId("facts", HTMLDListElement);
  readonly #choice = byId("choice", HTMLDetailsElement);
  readonly #summary = byId("choice-summary", HTMLElement);
  readonly #place = byId("place", HTMLInputElement);
  readonly #weights = byId("weights", HTMLSelectElement);
  readonly #events: ModelEvents;
  #last: ModelChoice = builtIn();
  /** Progress of the loading. It never decreases, although a file may become known late. */
  #share = 0;

  constructor(events: ModelEvents) {
    this.#events = events;
    this.#job = new JobBox("loading", () => events.onCancel());
    byId("choice-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const weights = offered.find((dtype) => dtype === this.#weights.value);
      this.#last = chosen(this.#place.value.trim(), weights);
      this.load();
    });
  }

  /** The model that was chosen last; at first the built-in one. */
  load(): void {
    this.#share = 0;
    this.#facts.hidden = true;
    const hadFocus = this.#choice.contains(document.activeElement);
    this.#choice.open = false;
    if (hadFocus) this.#summary.focus();
    this.#job.show(`Opening ${this.#last.name} …`, undefined);
    announce(`Loading ${this.#last.name}`);
    this.#events.onLoad(this.#last);
  }

  get isBuiltIn(): boolean {
    return this.#last.files !== undefined;
  }

  loadBuiltIn(): void {
    this.#last = builtIn();
    this.load();
  }

  /** Without bytes, all files have arrived. */
  showLoading(bytes: { loaded: number; total: number | undefined } | undefined): void {
    if (!bytes) {
      this.#job.show("Preparing the GPU …", undefined);
      return;
    }
    const { loaded, total } = bytes;
    const of = total === undefined ? "" : ` of ${megabytes(total)}`;
    if (total) this.#share = Math.max(this.#share, loaded / total);
    this.#job.show(`Loading the model: ${megabytes(loaded)}${of}`, total && this.#share);
  }

  showReady({ name, device, weights, dim, maxTokens }: ModelFacts): void {
    this.#job.hide(this.#summary);
    const facts = {
      model: name,
      vectors: `${counted(dim, "dimension")}, up to ${counted(maxTokens, "token")}`,
      device: `${device} (WebGPU)`,
      weights,
    };
    for (const [fact, words] of Object.entries(facts)) {
      byId(`fact-${fact}`, HTMLElement).textContent = words;
    }
    this.#facts.hidden = false;
    announce(`${name} is ready on ${device}`);
  }

  /** Nothing is loaded, and the user may choose again. */
  showNone(): void {
    this.#facts.hidden = true;
    this.#choice.open = true;
    this.#job.hide(this.#place);
  }
}

function builtIn(): ModelChoice {
  const { place, ...model } = builtInModel;
  return { ...model, place: new URL(place, document.baseURI).href };
}

function chosen(place: string, weights: WeightDType | undefined): ModelChoice {
  if (place === builtInModel.place) return { ...builtIn(), weights };
  // The worker's script lies in another folder than the page.
  const isPath = /^(https?:|\.{0,2}\/)/i.test(place) && URL.canParse(place, document.baseURI);
  return { name: place, place: isPath ? new URL(place, document.baseURI).href : place, weights };
}
