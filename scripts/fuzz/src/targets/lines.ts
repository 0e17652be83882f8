import { lines } from "../../../../apps/cli/src/lines.js";
import { invariant, type Target } from "../target.js";

/** Texts, one on each line, as a pipe delivers them. The places where it splits the bytes must not matter. */
export const textLines: Target = {
  name: "lines",
  kind: "bytes",
  async run(input) {
    const whole = await linesOf([input]);
    const bytewise = await linesOf(chunks(input, input.length > 2000 ? 97 : 1));
    invariant(JSON.stringify(whole) === JSON.stringify(bytewise), "a cut changes the lines");
    invariant(
      whole.found.every((line) => !line.includes("\n")),
      "a line has two lines",
    );
    if (whole.error !== undefined) throw whole.error;
  },
};

function chunks(bytes: Uint8Array, byteLength: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / byteLength);
  return Array.from({ length: count }, (_, i) =>
    bytes.subarray(i * byteLength, (i + 1) * byteLength),
  );
}

/** The lines, and the error that came after them. */
async function linesOf(parts: readonly Uint8Array[]): Promise<{
  readonly found: readonly string[];
  readonly message?: string;
  readonly error?: unknown;
}> {
  const found: string[] = [];
  try {
    for await (const line of lines(stream(parts))) found.push(line);
    return { found };
  } catch (error) {
    return { found, message: String(error), error };
  }
}

async function* stream(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
