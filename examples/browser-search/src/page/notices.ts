import type { Problem } from "../problem.js";
import { byId, make } from "./elements.js";
import { checkWebGpu, type WebGpuState } from "./web-gpu.js";

/** Shows what went wrong and what to do. `retry` adds a button. */
export function showProblem(problem: Problem, retry?: { words: string; run: () => void }): void {
  const section = byId("problem", HTMLElement);
  const advice = make("ul", "", ...problem.advice.map((words) => make("li", "", words)));
  const parts: HTMLElement[] = [make("h2", "", problem.title), advice];
  if (problem.details) {
    parts.push(make("details", "", make("summary", "", "Details"), make("p", "", problem.details)));
  }
  const buttons = make("p", "buttons");
  if (retry) {
    const button = make("button", "", retry.words);
    button.addEventListener("click", () => {
      hideProblem();
      retry.run();
    });
    buttons.append(button, " ");
  }
  const close = make("button", "plain", "Dismiss");
  close.addEventListener("click", hideProblem);
  buttons.append(close);
  section.replaceChildren(...parts, buttons);
  section.hidden = false;
}

/** Moves the focus to the choice of a model if a button that is removed had it. */
export function hideProblem(): void {
  const section = byId("problem", HTMLElement);
  if (section.contains(document.activeElement)) byId("choice-summary", HTMLElement).focus();
  section.hidden = true;
  section.replaceChildren();
}

/** Shows the app when the browser has everything that it needs; otherwise shows what is missing. */
export async function whenWebGpu(start: () => void): Promise<void> {
  const state = await checkWebGpu();
  byId("missing", HTMLElement).hidden = state.missing === undefined;
  byId("app", HTMLElement).hidden = state.missing !== undefined;
  if (state.missing === undefined) start();
  else showMissing(state, state.missing, start);
}

function showMissing({ checks }: WebGpuState, missing: Problem, start: () => void): void {
  byId("missing-title", HTMLHeadingElement).textContent = missing.title;
  byId("missing-checks", HTMLUListElement).replaceChildren(
    ...checks.map(({ words, isGood }) => {
      const kind = isGood === undefined ? "unknown" : isGood ? "good" : "bad";
      const spoken = { unknown: "not checked: ", good: "yes: ", bad: "no: " }[kind];
      return make("li", kind, make("span", "", make("span", "visually-hidden", spoken), words));
    }),
  );
  byId("missing-advice", HTMLUListElement).replaceChildren(
    ...missing.advice.map((words) => make("li", "", words)),
  );
  const retry = byId("missing-retry", HTMLButtonElement);
  retry.disabled = false;
  retry.onclick = () => {
    retry.disabled = true;
    void whenWebGpu(start);
  };
}
