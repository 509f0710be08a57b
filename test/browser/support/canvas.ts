import { documentPoint } from './page';
import { page } from './suite';

/* What the canvas shows, at places given in shares of the document. */

export type Corner = readonly [number, number];

/** The canvas at a place of the document, fitted and drawn. */
export async function pixel(x: number, y: number): Promise<readonly number[]> {
  await page.keyboard.press('Control+0');
  const at = await documentPoint(page, { x, y });
  return page
    .locator('[data-test="canvas"]')
    .evaluate(async (element: HTMLCanvasElement, point) => {
      for (let frame = 0; frame < 3; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      const box = element.getBoundingClientRect();
      const place = [Math.round(point.x - box.x), Math.round(point.y - box.y)] as const;
      return [...element.getContext('2d')!.getImageData(...place, 1, 1).data].slice(0, 3);
    }, at);
}

export async function pixels(places: readonly Corner[]): Promise<readonly (readonly number[])[]> {
  const found: (readonly number[])[] = [];
  for (const [x, y] of places) found.push(await pixel(x, y));
  return found;
}

/** Which of the places are tinted as selected while a brush is in hand. */
export async function selectedAt(...places: readonly Corner[]): Promise<readonly boolean[]> {
  await page.locator('[data-tool="hand"]').click();
  const plain = await pixels(places);
  await page.locator('[data-tool="brush"]').click();
  const tinted = await pixels(places);
  return tinted.map((colour, index) => colour.some((value, c) => value !== plain[index]![c]));
}
