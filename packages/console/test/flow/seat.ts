import { password } from "@tether/local/identity/user";
import { TimelinePage } from "@tether/protocol/http";
import { platform } from "@tether/sdk/platform";
import type { Browser, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { startReference } from "../../../agent/test/peer/rig.ts";
import { startService } from "../../../agent/test/service.ts";
import { openTab, signIn } from "./browser.ts";

type Who = "owner" | "operator" | "viewer";

/** A network that can be taken away from the robot's signalling: what is open breaks, and nothing new opens. */
function createRobotNetwork() {
  const open = new Set<() => void>();
  let isCut = false;
  return {
    socket(url: string, protocols: readonly string[]) {
      const socket = platform.socket(isCut ? "ws://127.0.0.1:9" : url, protocols);
      open.add(() => socket.close());
      return socket;
    },
    cut() {
      isCut = true;
      for (const close of open) close();
      open.clear();
    },
    mend() {
      isCut = false;
    },
  };
}

/** The whole system with the reference robot, and people who open its page, each in a browser window of their own. */
export async function startSeats(browser: Browser) {
  const service = await startService();
  const network = createRobotNetwork();
  const reference = await startReference(undefined, service, { socket: network.socket });
  const { origin, robot, deeds, call } = reference;
  const wrong: string[] = [];

  /** Signs in and opens the robot's page, which shows what the robot sees. */
  async function sit(who: Who): Promise<Page> {
    const tab = await openTab(browser);
    onTestFinished(() => tab.page.context().close());
    await signIn(tab.page, origin, who, password);
    await tab.page.getByRole("link", { name: who === "viewer" ? "Watch" : "Drive", exact: true }).click();
    await seen(tab.page);
    wrong.push(...tab.wrong);
    tab.page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") wrong.push(message.text());
    });
    tab.page.on("pageerror", (error) => wrong.push(String(error)));
    return tab.page;
  }

  return {
    ...reference,
    network,
    connections: service.system.gateway.connections,
    sit,
    /** What went wrong in any of the pages. */
    wrong,
    /** The robot's record, newest first. */
    timeline: async () => TimelinePage.parse(await call("GET", `/robots/${robot}/timeline`)).items,
    /** Commands that moved the robot since a place in its record. */
    moves: (from: number) => deeds.all.slice(from).filter((deed) => deed.did === "command" && isMoving(deed.command)),
  };
}

function isMoving(command: unknown): boolean {
  const { linear, angular } = command as { linear: number; angular: number };
  return linear !== 0 || angular !== 0;
}

/** A picture that is one of now. */
export const seen = (page: Page) => page.locator("[data-freshness='live']").waitFor();

export async function takeControl(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Request control" }).click();
  await page.getByText("You drive", { exact: true }).waitFor();
}

/** Time goes by that the robot's camera tells: so many pictures. */
export function pictures(page: Page, count: number): Promise<void> {
  return page.evaluate(async (left) => {
    const video = document.querySelector("video");
    for (let picture = 0; picture < left; picture += 1) await new Promise((shown) => video?.requestVideoFrameCallback(shown));
  }, count);
}

/** A coarse look at the picture. */
export function look(page: Page): Promise<string> {
  return page.evaluate(() => {
    const video = document.querySelector("video");
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
    const context = canvas.getContext("2d");
    if (video) context?.drawImage(video, 0, 0, 64, 48);
    return [...(context?.getImageData(0, 0, 64, 48).data ?? [])].join();
  });
}
