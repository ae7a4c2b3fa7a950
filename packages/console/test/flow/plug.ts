import type { Page } from "playwright-core";
import { seen } from "./drive-page.ts";

type Held = { axes?: Readonly<Record<number, number>>; down?: readonly number[] };

/** Plugs a gamepad in, from the page's next load on, and holds it otherwise. */
export async function plug(page: Page, id: string, mapping: string) {
  await page.addInitScript(
    ([id, mapping]) => {
      const held: Held = {};
      Object.assign(window, { held });
      navigator.getGamepads = () => {
        const axes = Array.from({ length: 6 }, (_, axis) => held.axes?.[axis] ?? 0);
        const buttons = Array.from({ length: 17 }, (_, button) => ({
          pressed: held.down?.includes(button) ?? false,
          touched: false,
          value: 0,
        }));
        return [{ id, index: 0, connected: true, mapping, axes, buttons } as unknown as Gamepad];
      };
    },
    [id, mapping],
  );
  await page.reload();
  await seen(page);
  return async (next: Held) => {
    await page.evaluate((next) => Object.assign((globalThis as unknown as { held: Held }).held, { axes: {}, down: [], ...next }), next);
    // The page reads a gamepad 20 times a second.
    await page.evaluate(() => new Promise((done) => document.querySelector("video")?.requestVideoFrameCallback(done)));
    await page.evaluate(() => new Promise((done) => document.querySelector("video")?.requestVideoFrameCallback(done)));
  };
}
