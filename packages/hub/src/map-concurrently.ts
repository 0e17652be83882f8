/**
 * Number of files that are read at the same time: enough to hide the server's latency, and few
 * enough descriptors.
 */
const maxConcurrent = 6;

/**
 * As Promise.all over `items.map(run)`, but with a bounded number in flight. After a failure no
 * further one is started.
 */
export async function mapConcurrently<T, R>(
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
  await Promise.all(Array.from({ length: maxConcurrent }, work));
  return results;
}
