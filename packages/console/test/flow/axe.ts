import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** The violations that axe-core finds in the page as it is. */
export async function violations(page: Page): Promise<string[]> {
  // The page's own policy lets no foreign script in; this way round it is not one of the page's.
  await page.evaluate(await readFile(axe, "utf8"));
  return page.evaluate(async () => {
    const run: { violations: { id: string; nodes: { html: string }[] }[] } = await (
      globalThis as unknown as { axe: { run(): Promise<never> } }
    ).axe.run();
    return run.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}
