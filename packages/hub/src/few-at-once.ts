/** Files that are read at the same time: enough to hide the time that a server takes, and few descriptors. */
const maxAtOnce = 6;

/** As Promise.all over `items.map(run)`, with few of them under way at once. After a failure none is begun. */
export async function fewAtOnce<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  let failed = false;
  const work = async () => {
    for (const [i, item] of left) {
      if (failed) return;
      try {
        results[i] = await run(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: maxAtOnce }, work));
  return results;
}
