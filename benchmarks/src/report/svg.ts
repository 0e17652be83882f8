type Attributes = Readonly<Record<string, string | number>>;

/** An element with children, or an empty one. Attribute values are escaped, children are not. */
export function element(
  name: string,
  attributes: Attributes,
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escaped(`${value}`)}"`,
  );
  const open = `<${name}${written.join("")}`;
  return children.length > 0 ? `${open}>\n${children.join("\n")}\n</${name}>` : `${open}/>`;
}

/** An element with text, which is escaped. */
export function textElement(name: string, attributes: Attributes, text: string): string {
  return element(name, attributes, [" "]).replace(">\n \n<", () => `>${escaped(text)}<`);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
