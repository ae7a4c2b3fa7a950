import type { Page } from "playwright-core";

/** From here on time goes by in the page by `runFor` alone; it is this instant first, by default a second from now. */
export async function pauseTime(
  page: Page,
  at: () => number | Promise<number> = () => page.evaluate(() => Date.now() + 1_000),
): Promise<void> {
  const pause = async () => page.clock.pauseAt(await at());
  // The page's time goes on until it hears of the instant. Where that is past by then the page refuses it, and has paused all the same.
  await pause().catch(pause);
}
