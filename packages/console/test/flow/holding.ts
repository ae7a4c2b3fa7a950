import type { Page } from "playwright-core";
import { expect } from "vitest";

/** What a person holds to drive. */
export type Held = { readonly press: () => Promise<unknown>; readonly release: () => Promise<unknown> };

export const key = (page: Page, name: string): Held => ({
  press: () => page.keyboard.down(name),
  release: () => page.keyboard.up(name),
});

/**
 * Drives until something is so, and goes on. A page that stood still for half a second, or did not hear its robot for a second, rightly lets go
 * of what is held: on a busy machine it is pressed anew, as a person does.
 */
export async function driveUntil(page: Page, { press, release }: Held, isSo: () => boolean | Promise<boolean>): Promise<void> {
  await press();
  const look = async () => {
    if (await isSo()) return true;
    if ((await page.locator(".joystick[data-state='ready']").count()) > 0) {
      await release();
      await press();
    }
    return false;
  };
  await expect.poll(look).toBe(true);
}
