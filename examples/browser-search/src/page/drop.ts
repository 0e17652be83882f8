import { byId } from "./elements.js";

interface DropEvents {
  onFiles(files: readonly File[]): void;
  onText(text: string): void;
}

/**
 * Files may be dropped anywhere on the page, text anywhere except into fields. The page shows this
 * while something is dragged over it.
 */
export function onDrop({ onFiles, onText }: DropEvents): void {
  const target = byId("drop-target", HTMLDivElement);
  const isTaken = ({ dataTransfer, target: over }: DragEvent) => {
    const types = dataTransfer?.types ?? [];
    const isField = over instanceof HTMLInputElement || over instanceof HTMLTextAreaElement;
    return types.includes("Files") || (types.includes("text/plain") && !isField);
  };
  addEventListener("dragover", (event) => {
    target.hidden = !isTaken(event);
    if (!target.hidden) event.preventDefault();
  });
  addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) target.hidden = true;
  });
  addEventListener("drop", (event) => {
    target.hidden = true;
    if (!isTaken(event)) return;
    event.preventDefault();
    const files = Array.from(event.dataTransfer?.files ?? []);
    const text = event.dataTransfer?.getData("text/plain") ?? "";
    if (files.length > 0) onFiles(files);
    else if (text !== "") onText(text);
  });
}
