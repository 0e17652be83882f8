const whole = new Intl.NumberFormat("en");

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}

/** "133 MB", "0.4 MB" */
export function megabytes(bytes: number): string {
  const size = bytes / 1e6;
  return `${size < 10 ? size.toFixed(1) : whole.format(Math.round(size))}\u00a0MB`;
}

/** "< 0.1 ms", "0.2 ms", "17 ms", "1.2 s": the clocks of browsers have no finer resolution. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)}\u00a0s`;
  if (ms < 0.1) return "< 0.1\u00a0ms";
  return `${ms < 9.95 ? ms.toFixed(1) : Math.round(ms)}\u00a0ms`;
}

/** "1,240", "7.3" */
export function rate(count: number, seconds: number): string {
  const perSecond = count / Math.max(seconds, 1e-3);
  return perSecond < 10 ? perSecond.toFixed(1) : whole.format(Math.round(perSecond));
}
