export const name = "npx ripvec: doctor, embed and search";
export const quick = true;

const files = {
  "notes/cats.md": "A kitten naps on the couch all afternoon.\n",
  "notes/money.md": "The central bank raised interest rates.\n",
};

export async function run({ app, sh }) {
  const folder = await app({ files });
  const ripvec = (...args) => sh(folder, "npx", ["--yes", "ripvec", ...args]);
  await ripvec("doctor");
  const row = JSON.parse(await ripvec("embed", "some text", "--format", "jsonl"));
  if (row.embedding.length !== 384) throw new Error(`unexpected row: ${JSON.stringify(row)}`);
  const found = await ripvec("search", "where does the young animal sleep", "notes");
  const [cats, money] = ["cats.md", "money.md"].map((file) => found.indexOf(file));
  if (cats < 0 || (money >= 0 && money < cats)) throw new Error(`unexpected answer:\n${found}`);
}
