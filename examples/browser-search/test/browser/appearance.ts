import type { Page } from "playwright-core";

/** The width by which the page exceeds the window, in pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}

/**
 * Contrast of a visible element's text to its background, as WCAG 2 defines it; NaN when there is
 * no such element.
 */
export function contrast(page: Page, selector: string): Promise<number> {
  return page.evaluate((wanted) => {
    const element = [...document.querySelectorAll<HTMLElement>(wanted)].find(
      ({ offsetParent }) => offsetParent,
    );
    if (!element) return Number.NaN;
    const numbers = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour: string) =>
      numbers(colour)
        .slice(0, 3)
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, i) => sum + value * ([0.2126, 0.7152, 0.0722][i] ?? 0), 0);
    let behind: HTMLElement | null = element;
    while (behind && numbers(getComputedStyle(behind).backgroundColor)[3] === 0) {
      behind = behind.parentElement;
    }
    const back = getComputedStyle(behind ?? document.body).backgroundColor;
    const [dark = 0, light = 0] = [
      luminance(getComputedStyle(element).color),
      luminance(back),
    ].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }, selector);
}

/** Number of the map's pixels in the colour of hits. */
export function hitPixels(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return -1;
    context.fillStyle = getComputedStyle(canvas).getPropertyValue("--accent").trim();
    const wanted = [1, 3, 5].map((at) =>
      Number.parseInt(String(context.fillStyle).slice(at, at + 2), 16),
    );
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (wanted.every((value, i) => data[at + i] === value)) count++;
    }
    return count;
  });
}
