import type { Locator } from "playwright-core";
import { expect } from "vitest";

/** Opens what a row of the timeline stands for. A row that came meanwhile may have been under the pointer instead. */
export async function expand(entry: Locator): Promise<void> {
  const isExpanded = async () => {
    if ((await entry.getAttribute("aria-expanded")) !== "true") await entry.click();
    return entry.getAttribute("aria-expanded");
  };
  await expect.poll(isExpanded).toBe("true");
}
