import type { Line } from "@tether/aws/invocation";
import { password } from "@tether/local/identity/user";
import type { Say } from "@tether/program/say";
import { defaultPolicy } from "@tether/protocol/control";
import { TimelinePage } from "@tether/protocol/http";
import { type Platform, platform as real } from "@tether/sdk/platform";
import type { Browser, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import type { Driver } from "../../../agent/src/driver/driver.ts";
import type { MicrophoneSettings } from "../../../agent/src/media/camera/microphone.ts";
import type { CameraSettings } from "../../../agent/src/media/camera/source.ts";
import { startMedia } from "../../../agent/src/peer/native/media.ts";
import { folder } from "../../../agent/test/agent-process.ts";
import { startReference } from "../../../agent/test/peer/rig.ts";
import { startService } from "../../../agent/test/service.ts";
import { signIn } from "./browser.ts";
import { pauseTime } from "./page-time.ts";
import { openTab } from "./tab.ts";
import { watchUnanswered } from "./unanswered.ts";

type Who = "owner" | "operator" | "viewer";

/** Page and robot are never further apart: a robot drops a command that seems to come from further in its future. In ms. */
const stepMs = 20;
/** More often than a picture is late, and a robot that is not heard is silent. */
const stepsPerPicture = 10;

type Network = Pick<Platform, "fetch" | "socket">;

/** A network that can be taken away from the robot's signalling: what is open breaks, and nothing new opens. */
function createRobotNetwork(whole: Network) {
  const open = new Set<() => void>();
  let isCut = false;
  return {
    fetch: (url: string, init: RequestInit) => (isCut ? Promise.reject(new TypeError("cut")) : whole.fetch(url, init)),
    socket(url: string, protocols: readonly string[]) {
      if (isCut) throw new TypeError("cut");
      const socket = whole.socket(url, protocols);
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

/**
 * The whole system with the reference robot, and people who open its page, each in a browser window of their own. With a virtual clock
 * all ends' time can be sent ahead; the robot's camera and the peer connections are real, and keep to the machine's.
 */
export async function startDrivePages(
  browser: Browser,
  {
    clock = "real",
    driver,
    limitsBlindTime = false,
    cameras,
    sound = {},
  }: {
    /** Shown in place of what the driver sees, by the stack that carries encoded video. */
    readonly cameras?: readonly CameraSettings[];
    readonly sound?: { readonly microphone?: MicrophoneSettings; readonly speaker?: { readonly sink: string } };
    readonly clock?: "real" | "virtual";
    readonly driver?: Driver;
    readonly limitsBlindTime?: boolean;
  } = {},
) {
  const lines: Line[] = [];
  const service = await startService({ clock, log: (line) => void lines.push(line) });
  const { platform = real } = service.system;
  const network = createRobotNetwork(platform);
  const { fetch, socket } = network;
  const own = { ...(clock === "virtual" && { clock: platform.clock }), fetch, socket };
  const media = cameras && ((say: Say) => startMedia({ clock: real.clock, cameras, ...sound, recordings: folder(), say }));
  const reference = await startReference(driver, service, own, undefined, media, sound.microphone ? ["video", "audio"] : ["video"]);
  const { origin, robot, deeds, call } = reference;
  if (limitsBlindTime) await call("PATCH", `/robots/${robot}`, { control: { blindMs: defaultPolicy.blindMs } });
  const { now } = platform.clock;
  const tabs: { readonly wrong: readonly string[] }[] = [];
  const unanswered = new Map<Page, () => number>();

  /** Signs in and opens the robot's page, which shows what the robot sees. */
  async function openDrive(who: Who): Promise<Page> {
    const tab = await openTab(browser);
    tabs.push(tab);
    unanswered.set(tab.page, watchUnanswered(tab.page));
    if (clock === "virtual") await tab.page.clock.install({ time: now() });
    onTestFinished(() => tab.page.context().close());
    await signIn(tab.page, origin, who, password);
    await tab.page.getByRole("link", { name: who === "viewer" ? "Watch" : "Drive", exact: true }).click();
    await seen(tab.page);
    return tab.page;
  }

  /** Time goes by for the system, and with it for the robot; the machine's own does too. */
  async function ahead(aheadMs: number): Promise<void> {
    await globalThis.fetch(`${origin}/local/clock`, { method: "POST", body: JSON.stringify({ aheadMs }) });
  }

  const behindMs = async (page: Page) => Math.max(0, now() - (await page.evaluate(() => Date.now())));

  /** From here on time goes by for all with `pass` and `meanwhile` alone: what a busy machine holds up would let go of keys and miss deadlines. */
  async function hold(page: Page): Promise<void> {
    await page.clock.fastForward(await behindMs(page));
    await pauseTime(page, () => now() + 500);
    service.system.platform?.clock.hold();
  }

  /** Time goes by for all, and no faster than pictures come, until this is so. */
  async function passUntil(page: Page, isOver: () => boolean): Promise<void> {
    for (let step = 1; !isOver(); step += 1) {
      // The page first: its commands are under way before the robot misses any.
      await page.clock.runFor(stepMs);
      await service.system.platform?.clock.ahead(stepMs);
      if (step % stepsPerPicture === 0) await pictures(page, 1);
    }
  }

  /** Time goes by for all until it is over or what is waited for has happened. */
  function pass(page: Page, ms: number, isOver = () => false): Promise<void> {
    const end = now() + ms;
    return passUntil(page, () => now() >= end || isOver());
  }

  /** A leap of the clock would outrun an answer that is under way, and the page rightly take its connection for silent. */
  async function settle(page: Page): Promise<void> {
    do await pictures(page, 2);
    while (unanswered.get(page)?.());
  }

  /** Hours go by, in which nobody drives: in long steps, after each of which a page does what fell due, and shows a new picture. */
  async function wait(page: Page, ms: number, isOver: () => unknown = () => false, longMs = 120_000): Promise<void> {
    const end = now() + ms;
    while (now() < end && !(await isOver())) {
      await ahead(longMs);
      await settle(page);
      await page.clock.fastForward(await behindMs(page));
      await settle(page);
    }
  }

  /** Time goes by until this work is done. */
  async function meanwhile<Result>(page: Page, work: Promise<Result>): Promise<Result> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    await passUntil(page, () => isOver);
    return work;
  }

  return {
    ...reference,
    network,
    now,
    ahead,
    hold,
    pass,
    wait,
    meanwhile,
    /** The lines that the system's parts logged. */
    lines,
    connections: service.system.gateway.connections,
    openDrive,
    /** The errors of any of the pages. */
    wrong: () => tabs.flatMap(({ wrong }) => wrong),
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

/** Counts the peer connections that a page makes, from its next load on, and tells how each stands. */
export async function countPeers(page: Page) {
  await page.addInitScript(() => {
    const made: RTCPeerConnection[] = [];
    const Real = RTCPeerConnection;
    Object.assign(window, {
      made,
      RTCPeerConnection: class extends Real {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          made.push(this);
        }
      },
    });
  });
  await page.reload();
  await seen(page);
  return () =>
    page.evaluate(() => (globalThis as unknown as { made: RTCPeerConnection[] }).made.map(({ connectionState }) => connectionState));
}

/** The words about the picture, each time that they change from now on. */
export async function freshness(page: Page) {
  await page.evaluate(() => {
    const told: unknown[] = [];
    const screen = document.querySelector<HTMLElement>(".screen");
    const look = () => told.push(screen?.dataset.freshness);
    if (screen) new MutationObserver(look).observe(screen, { attributes: true, attributeFilter: ["data-freshness"] });
    Object.assign(window, { told });
  });
  return () => page.evaluate(() => (globalThis as unknown as { told: unknown[] }).told);
}
