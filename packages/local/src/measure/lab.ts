import { webcrypto } from "node:crypto";
import type { Line } from "@tether/aws/invocation";
import { limits } from "@tether/protocol/limits";
import type { Platform } from "@tether/sdk/client";
import { trackedFetch } from "../clock/fetch.ts";
import { createQuiet, type Quiet } from "../clock/quiet.ts";
import { nextTurn, realClock } from "../clock/real.ts";
import { trackedSocket } from "../clock/socket.ts";
import { trackSubtle } from "../clock/subtle.ts";
import { createVirtualClock, type VirtualClock } from "../clock/virtual.ts";
import { createMeter, type Meter, type Metered } from "../engine/meter.ts";
import { permanentFaults } from "../fault/permanent.ts";
import { seededRandom } from "../fault/random.ts";
import { createSetup, type Setup } from "../setup.ts";
import { type System, startSystem } from "../system.ts";
import type { Usage } from "./usage.ts";

/** The cost of some work: the units that are paid for, and how the store was used for it. */
export type Counted = { readonly usage: Usage; readonly store: Metered; readonly posts: number; readonly lambdaLogBytes: number };

/** The whole system on a virtual clock, with a meter at every place where the cloud has one. */
export interface Lab {
  readonly system: System;
  readonly clock: VirtualClock;
  readonly quiet: Quiet;
  /** The rate at which the gateway lets connections in. */
  readonly connectsPerSecond: number;
  readonly setup: Setup;
  readonly meter: Pick<Meter, "read">;
  /** For an SDK; another seed is another end. Two of the same `kind` wait and jitter alike. */
  platform(seed: number, kind?: number): Platform;
  /** Tells of each run of a Lambda, by its line. */
  watch(ran: (line: Line & { event: string }) => void): void;
  /** Runs some work, waits until all that comes of it is over, and counts. */
  count(work: () => Promise<unknown>): Promise<Counted>;
}

/** CloudWatch adds so many bytes to each line (aws.amazon.com/cloudwatch/pricing). */
const lineBytes = 26;

/** A line of an access log as `infra/` has them written. */
const accessBytes = 100 + lineBytes;

const bytesOf = (seed: number) => {
  const draw = seededRandom(seed);
  return (length: number) => Uint8Array.from({ length }, () => Math.floor(draw() * 256));
};

/**
 * `holdMs`: for so long, of real time, each request to the store is held. `seed`: of all that the system draws by chance. `share`: an account
 * with this share of the usual quotas, so that fewer ends come up against them.
 */
export type LabOptions = { readonly holdMs?: number; readonly seed?: number; readonly share?: number };

/** Starts a lab for some work, and stops it afterwards. */
export async function inLab<T>(work: (lab: Lab) => Promise<T>, { holdMs = 0, seed = 1, share = 1 }: LabOptions = {}): Promise<T> {
  const lab = await startLab(holdMs, seed, share);
  try {
    return await work(lab);
  } finally {
    await lab.stop();
  }
}

async function startLab(holdMs: number, seed: number, share: number): Promise<Lab & { stop(): Promise<void> }> {
  const connectsPerSecond = limits.gateway.connectsPerSecond * share;
  const quiet = createQuiet({ clock: realClock, turn: nextTurn, limitMs: 600_000 });
  const clock = createVirtualClock({ startAt: Date.UTC(2026, 5, 1, 12), idle: () => quiet.idle() });
  const untrack = trackSubtle(quiet, webcrypto.subtle);
  const meter = createMeter();
  const opened = new Map<string, number>();
  let [closedMs, lambdaLogBytes, lambdaLines, posts] = [0, 0, 0, 0];
  const runs = { request: 0, broker: 0 };
  const watching: ((line: Line & { event: string }) => void)[] = [];

  function log(line: Line & { event: string }): void {
    const id = String(line.connectionId);
    if (line.event === "connected") opened.set(id, clock.now());
    if (line.event === "disconnect") {
      closedMs += clock.now() - (opened.get(id) ?? clock.now());
      opened.delete(id);
    }
    // The gateway's own lines stand for its access log, which is counted by the message.
    if (!("store" in line)) return;
    for (const ran of watching) ran(line);
    lambdaLogBytes += JSON.stringify(line).length + 1;
    lambdaLines++;
    posts += Number(line.posts);
    if (line.event === "request") runs.request++;
    else if (line.event !== "sweep" && line.event !== "presence") runs.broker++;
  }

  const system = await startSystem({
    port: 0,
    meter,
    clock,
    realClock,
    random: { bytes: bytesOf(1) },
    ring: [{ id: "lab", secret: bytesOf(2)(32) }],
    log,
    quiet,
    seed,
    connectsPerSecond,
    permanent: permanentFaults(true, share),
    // As production has it: what is paid for is measured.
    namespace: "tether/production",
    mutesIdle: true,
  });
  // Held so long, requests that do not wait for each other meet, and depth is exact.
  if (holdMs > 0) system.requests.before(() => ({ delayMs: holdMs }));
  await quiet.idle();
  const fetch = trackedFetch(quiet, globalThis.fetch);

  function total(): { usage: Usage; posts: number; lambdaLogBytes: number } {
    const { readUnits, writeUnits } = meter.read();
    const { connects, billedMessages, messagesIn } = system.gateway.counts();
    const openMs = [...opened.values()].reduce((sum, at) => sum + clock.now() - at, 0);
    // The gateway logs connects, disconnects and what comes in; nothing of what it is told to post.
    const accesses = runs.request + 2 * connects + messagesIn;
    const usage = {
      connectionMinutes: (closedMs + openMs) / 60_000,
      messages: billedMessages,
      httpRequests: runs.request,
      authorizers: connects,
      brokers: runs.broker,
      apis: runs.request,
      ...system.sweeps(),
      readUnits,
      writeUnits,
      logBytes: lambdaLogBytes + lineBytes * lambdaLines + accessBytes * accesses,
    };
    return { usage, posts, lambdaLogBytes };
  }

  return {
    system,
    clock,
    quiet,
    connectsPerSecond,
    setup: createSetup(system),
    meter,
    platform: (seed, kind = seed) => ({
      clock,
      random: { fraction: seededRandom(kind), bytes: bytesOf(seed + 1_000) },
      fetch,
      socket: (url, protocols) => trackedSocket(quiet, url, [...protocols], system.dial),
    }),
    watch: (ran) => void watching.push(ran),
    async count(work) {
      await quiet.idle();
      const [before, asked] = [total(), meter.read()];
      meter.reset();
      const base = { readUnits: asked.readUnits, writeUnits: asked.writeUnits };
      await work();
      await quiet.idle();
      const [after, store] = [total(), meter.read()];
      const usage = Object.fromEntries(
        Object.entries(after.usage).map(([unit, value]) => [unit, value - (unit in base ? 0 : before.usage[unit as keyof Usage])]),
      ) as Usage;
      return { usage, store, posts: after.posts - before.posts, lambdaLogBytes: after.lambdaLogBytes - before.lambdaLogBytes };
    },
    async stop() {
      await system.stop();
      untrack();
    },
  };
}
