/** 950, 1,234, 45.6k, 1.2M */
export function compact(value: number): string {
  if (value < 10_000) return Math.round(value).toLocaleString("en-US");
  if (value < 999_500) return `${(value / 1000).toFixed(value < 99_950 ? 1 : 0)}k`;
  return `${(value / 1e6).toFixed(1)}M`;
}

/** 0:07, 12:30, 1:02:03 */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** "1 file", "2 files" */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** An estimate with two significant digits: 3,412 gives 3,400. */
export const about = (value: number): string =>
  Number(value.toPrecision(2)).toLocaleString("en-US");

/** 512 B, 3.4 kB, 66.7 MB */
export function byteSize(byteLength: number): string {
  if (byteLength < 1000) return `${byteLength} B`;
  const units = ["kB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log10(byteLength) / 3), units.length);
  return `${(byteLength / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}
