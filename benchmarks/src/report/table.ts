export interface Column<R> {
  readonly title: string;
  /** Words are aligned left, figures right. */
  readonly text?: boolean;
  readonly cell: (row: R) => string;
}

/** A header line and one line per row, with columns two spaces apart. */
export function formatTable<R>(columns: readonly Column<R>[], rows: readonly R[]): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ cell }) => cell(row))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const aligned = (cell: string, at: number) =>
    columns[at]?.text ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  return cells.map((line) => line.map(aligned).join("  ").trimEnd()).join("\n");
}

/** The same as a Markdown table. */
export function formatMarkdown<R>(columns: readonly Column<R>[], rows: readonly R[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ text }) => (text ? "---" : "---:"))),
    ...rows.map((row) => line(columns.map(({ cell }) => cell(row)))),
  ].join("\n");
}
