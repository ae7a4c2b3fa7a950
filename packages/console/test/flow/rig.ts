import { startLife } from "@tether/local/simulated/life";
import { type Local, startLocal } from "@tether/local/start";
import type { Browser } from "playwright-core";
import { buildConsole, openBrowser } from "./browser.ts";

export type Running = { readonly system: Local; readonly browser: Browser; stop(): Promise<void> };

/** The console as it is shipped, served by the whole system with its robot, and a browser. */
export async function startConsole({ clock = "real" }: { clock?: "real" | "virtual" } = {}): Promise<Running> {
  await buildConsole();
  const system = await startLocal({ port: 0, log: () => {}, clock });
  const life = await startLife({ system, dataDir: undefined, print: () => {} });
  const browser = await openBrowser();
  return {
    system,
    browser,
    async stop() {
      await browser.close();
      await life.stop();
      await system.stop();
    },
  };
}
