import { limits } from "@tether/protocol/limits";
import { type RobotSession, type Signer, serve } from "@tether/sdk/robot";
import { nextTurn } from "../clock/real.ts";
import { createVirtualClock, type VirtualClock } from "../clock/virtual.ts";
import { seededRandom } from "../fault/random.ts";
import { createService } from "./service.ts";
import { createSessions, principal, robotOf } from "./sessions.ts";
import { type SweeperCounts, startSweeper } from "./sweeper.ts";

export type BreakOptions = {
  readonly robots: number;
  readonly connectsPerSecond: number;
  readonly shards: number;
  readonly seed: number;
  /** For so long after the break the API refuses every ticket. */
  readonly refusingMs: number;
  /** The share of robots that never come back. */
  readonly gone: number;
  /** Whether the sweeper asks if tickets are given; it does unless told. */
  readonly asks?: boolean;
};

export type Broken = {
  readonly robots: number;
  readonly cut: number;
  /** Times since tickets are given again, in ms. */
  readonly back: { readonly half: number; readonly most: number; readonly last: number };
  readonly ticketsEach: number;
  readonly refusalsEach: number;
  readonly connectsRefused: number;
  /** Sessions that a robot had before the break, and has no more although it came back. */
  readonly lost: number;
  /** Sessions of robots that did not come back, and ended. */
  readonly ended: number;
  readonly sweeper: SweeperCounts;
};

const second = 1_000;
const minute = 60 * second;
const beganAt = Date.UTC(2026, 5, 1, 12);
/** Timers go off on multiples of it, in ms, so that time moves in fewer steps. */
const tickMs = 10;

const bytesOf = (draw: () => number) => (length: number) => Uint8Array.from({ length }, () => Math.floor(draw() * 256));

/** A key of which nothing is asked: who may be whom is shown elsewhere. */
const signer: Signer = { kid: principal.kid, alg: "EdDSA", sign: async () => new Uint8Array(64) };

function ticking(clock: VirtualClock): VirtualClock {
  const after = (ms: number, run: () => void) =>
    clock.after(Math.ceil((clock.now() + Math.max(0, ms)) / tickMs) * tickMs - clock.now(), run);
  return { ...clock, after };
}

/** Puts robots of the SDK online, cuts all their sockets at one instant, and waits until those that come back are back and the others' graces are over. */
export async function countBreak(options: BreakOptions): Promise<Broken> {
  const { robots: count, connectsPerSecond, shards, seed, refusingMs, asks = true } = options;
  const random = seededRandom(seed);
  const clock = ticking(createVirtualClock({ startAt: beganAt, idle: nextTurn }));
  const sessions = createSessions();
  const service = createService({
    clock,
    random,
    sessions,
    connectsPerSecond,
    // A thousand instances of Lambda would do ten times as many; so late they come to robots that are back.
    disconnectsPerSecond: 2.5 * connectsPerSecond,
    lostDisconnects: 0.05,
  });
  const sweeper = startSweeper({ clock, sessions, shards, admits: () => !asks || service.admits(), isConnected: service.isConnected });

  const robots: RobotSession[] = [];
  const perSecond = 0.7 * connectsPerSecond;
  for (let n = 0; n < count; n++)
    clock.after((n / perSecond) * second, () => {
      const draw = seededRandom(seed * 1_000_003 + n);
      const platform = { clock, random: { fraction: draw, bytes: bytesOf(draw) }, fetch: service.fetch(n), socket: service.socket(n) };
      robots[n] = serve({ api: "https://api.example", robot: robotOf(n), signer, platform });
    });
  await clock.advance(Math.ceil(count / perSecond) * second + 5 * second);
  const online = robots.filter(({ status }) => status === "online").length;
  if (online < count) throw new Error(`Of ${count} robots ${online} came online.`);

  const isGone = robots.map(() => random() < options.gone);
  const before = service.counts();
  const brokenAt = clock.now();
  service.shut(refusingMs > 0);
  const back: number[] = [];
  for (const [n, robot] of robots.entries())
    robot.on("state", ({ status }) => {
      if (status === "online" && !isGone[n]) back.push(clock.now() - brokenAt - refusingMs);
    });
  const cut = service.cut();
  for (const [n, robot] of robots.entries()) if (isGone[n]) robot.close();
  if (refusingMs > 0) await clock.advance(refusingMs);
  service.shut(false);
  const wanted = count - isGone.filter(Boolean).length;
  const untilAt = clock.now() + 10 * minute;
  while (back.length < wanted && clock.now() < untilAt) await clock.advance(second);
  if (back.length < wanted) throw new Error(`${wanted - back.length} of ${wanted} robots are not back after ten minutes.`);
  const after = service.counts();
  // Until the graces of those that are gone are over, also of those whose `$disconnect` was lost.
  await clock.advance(limits.session.robotGraceMs + limits.session.verifyMs + 2 * limits.presence.everyMs);
  sweeper.stop();
  const left = new Set([...sessions.all()].map(([robot]) => robot));
  const at = (share: number) => back[Math.ceil(wanted * share) - 1] ?? Number.NaN;
  for (const robot of robots) robot.close();
  return {
    robots: count,
    cut,
    back: { half: at(0.5), most: at(0.95), last: at(1) },
    ticketsEach: (after.tickets - before.tickets) / wanted,
    refusalsEach: (after.refused - before.refused) / wanted,
    connectsRefused: after.connectsRefused - before.connectsRefused,
    lost: sessions.lost(),
    ended: isGone.filter((gone, n) => gone && !left.has(n)).length,
    sweeper: sweeper.counts(),
  };
}
