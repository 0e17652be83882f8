import { byId } from "./elements.js";

interface DropEvents {
  onFiles(files: readonly File[]): void;
  onText(text: string): void;
}

/** Files and text may be dropped anywhere on the page; while they hover, it says so. */
export function onDrop({ onFiles, onText }: DropEvents): void {
  const target = byId("drop-target", HTMLDivElement);
  const hasContent = ({ dataTransfer }: DragEvent) =>
    dataTransfer?.types.some((type) => type === "Files" || type === "text/plain") ?? false;
  addEventListener("dragover", (event) => {
    if (!hasContent(event)) return;
    event.preventDefault();
    target.hidden = false;
  });
  addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) target.hidden = true;
  });
  addEventListener("drop", (event) => {
    target.hidden = true;
    if (!hasContent(event)) return;
    event.preventDefault();
    const files = Array.from(event.dataTransfer?.files ?? []);
    const text = event.dataTransfer?.getData("text/plain") ?? "";
    if (files.length > 0) onFiles(files);
    else if (text !== "") onText(text);
  });
}
