import type { Page } from "playwright-core";
import { expect } from "vitest";
import { seen } from "./drive-page.ts";

type Held = { axes?: Readonly<Record<number, number>>; down?: readonly number[] };
/** `reads`: how often the page looked at the gamepad since it is held so. */
type Plugged = Held & { reads: number };

/** Three parts of the page look at a gamepad, in turn: after so many looks each that does has seen how it is held. */
const allLooked = 6;

/** Plugs a gamepad in, from the page's next load on, and holds it otherwise. */
export async function plug(page: Page, id: string, mapping: string) {
  await page.addInitScript(
    ([id, mapping]) => {
      const held: Plugged = { reads: 0 };
      Object.assign(window, { held });
      navigator.getGamepads = () => {
        held.reads += 1;
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
    const now: Plugged = { axes: {}, down: [], ...next, reads: 0 };
    await page.evaluate((now) => Object.assign((globalThis as unknown as { held: Plugged }).held, now), now);
    await expect.poll(() => page.evaluate(() => (globalThis as unknown as { held: Plugged }).held.reads)).toBeGreaterThanOrEqual(allLooked);
  };
}
