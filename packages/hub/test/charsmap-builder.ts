interface Node {
  readonly children: Map<number, Node>;
  value?: number;
}

const valueFlag = 0x80000000;
const leafFlag = 1 << 8;

/** Compiles replacements into the table that SentencePiece puts into a model, in base64. */
export function compileCharsmap(replacements: Readonly<Record<string, string>>): string {
  const root: Node = { children: new Map() };
  const texts: Buffer[] = [];
  let textBytes = 0;
  for (const [from, to] of Object.entries(replacements)) {
    let node = root;
    for (const byte of Buffer.from(from)) {
      const next = node.children.get(byte) ?? { children: new Map() };
      node.children.set(byte, next);
      node = next;
    }
    node.value = textBytes;
    const text = Buffer.from(`${to}\0`);
    texts.push(text);
    textBytes += text.byteLength;
  }
  const units = layOut(root);
  const header = Buffer.alloc(4);
  header.writeUInt32LE(units.byteLength);
  return Buffer.concat([header, Buffer.from(units.buffer), ...texts]).toString("base64");
}

/**
 * Gives every node a base so that `base ^ byte` is the position of its children, and its value is
 * at `base`.
 */
function layOut(root: Node): Uint32Array {
  const units: number[] = [0];
  const taken = new Set([0]);
  const place = (node: Node, index: number): void => {
    const labels = [...(node.value === undefined ? [] : [0]), ...node.children.keys()];
    let offset = 256;
    while (labels.some((label) => taken.has(index ^ offset ^ label))) offset += 256;
    units[index] =
      ((units[index] ?? 0) | (offset << 10) | (node.value === undefined ? 0 : leafFlag)) >>> 0;
    const base = index ^ offset;
    for (const label of labels) taken.add(base ^ label);
    if (node.value !== undefined) units[base] = (node.value | valueFlag) >>> 0;
    for (const label of node.children.keys()) units[base ^ label] = label;
    for (const [label, child] of node.children) place(child, base ^ label);
  };
  place(root, 0);
  return Uint32Array.from({ length: units.length }, (_, i) => units[i] ?? 0);
}
