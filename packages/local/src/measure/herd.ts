import { startFleet, stopFleet } from "./fleet.ts";
import type { Lab } from "./lab.ts";
import { runMs } from "./price.ts";

/** The counts of one second, or of one instant. */
const counted = {
  tickets: "tickets given",
  ticketsRefused: "tickets refused by the API's throttle",
  connects: "connections let in",
  connectsRefused: "handshakes refused by the gateway",
  storeRequests: "requests to the store",
  writeUnits: "write units",
  dueWriteUnits: "of these, of the sweeper's index",
  apis: "runs of the API",
  authorizers: "runs of the authorizer",
  brokers: "runs of the broker",
} as const;

export type Asked = { readonly [What in keyof typeof counted]: number };

/** How a fleet came back that had lost all its sockets at one instant. Times in ms since then. */
export type Herd = {
  readonly robots: number;
  readonly back: { readonly half: number; readonly most: number; readonly last: number };
  /** Robots that went on with the session they had. */
  readonly kept: number;
  /** The most often that one robot was refused. */
  readonly refusals: number;
  /** The counts of the break itself: nothing but `$disconnect`. */
  readonly broken: Asked;
  /** Second by second, until all were back. */
  readonly seconds: readonly Asked[];
  /** In the half minute after that. */
  readonly after: Asked;
};

const second = 1_000;
const longest = 300;

/** The share of the connections that are let in with which the fleet comes online at first. */
const arrivals = 0.8;

/** Puts robots online, cuts all their sockets at once, and counts until they are back. */
export async function countHerd(lab: Lab, count: number): Promise<Herd> {
  const { clock, quiet, system, connectsPerSecond } = lab;
  const refusals = new Array<number>(count).fill(0);
  let brokenAt = Number.POSITIVE_INFINITY;
  const robots = await startFleet(lab, {
    robots: count,
    overMs: Math.ceil(count / (arrivals * connectsPerSecond)) * second,
    heard(robot, { event, because }) {
      // The loss itself is at the instant of the break.
      const failed = event === "connection.waiting" && (because === "refused" || because === "closed");
      if (failed && clock.now() > brokenAt) refusals[robot] = (refusals[robot] ?? 0) + 1;
    },
  });
  const before = robots.map(({ id }) => id);
  const back: number[] = [];
  for (const robot of robots)
    robot.on("state", ({ status }) => {
      if (status === "online") back.push(clock.now() - brokenAt);
    });
  const sample = sampling(lab);

  brokenAt = clock.now();
  for (const { connectionId } of system.gateway.connections.list()) system.gateway.connections.cut(connectionId);
  await quiet.idle();
  const broken = sample();
  const seconds: Asked[] = [];
  while (back.length < count) {
    if (seconds.length === longest) throw new Error(`${count - back.length} of ${count} robots are not back after ${longest} s.`);
    await clock.advance(second);
    seconds.push(sample());
  }
  await clock.advance(30 * second);
  const after = sample();
  const kept = robots.filter(({ status, id }, n) => status === "online" && id === before[n]).length;
  await stopFleet(lab, robots);

  const at = (share: number) => back[Math.ceil(count * share) - 1] ?? Number.NaN;
  const times = { half: at(0.5), most: at(0.95), last: at(1) };
  return { robots: count, back: times, kept, refusals: Math.max(...refusals), broken, seconds, after };
}

/** Gives what was asked for since it was last called. */
function sampling({ meter, system, watch }: Lab): () => Asked {
  const runs = { apis: 0, authorizers: 0, brokers: 0 };
  let tickets = 0;
  watch(({ event, outcome }) => {
    if (event === "sweep") return;
    if (event === "request") runs.apis++;
    else runs.brokers++;
    // The authorizer runs before each `$connect`.
    if (event === "connect") runs.authorizers++;
    if (event === "request" && outcome === "ok") tickets++;
  });
  const read = (): Asked => {
    const { connects, refused } = system.gateway.counts();
    const { requests, writeUnits, dueWriteUnits } = meter.read();
    const refusals = { ticketsRefused: system.throttle.refused(), connectsRefused: refused };
    return { tickets, connects, ...refusals, storeRequests: requests, writeUnits, dueWriteUnits, ...runs };
  };
  let last = read();
  return () => {
    const [before, now] = [last, read()];
    last = now;
    return askedOf((what) => now[what] - before[what]);
  };
}

function askedOf(count: (what: keyof Asked) => number): Asked {
  return Object.fromEntries((Object.keys(counted) as (keyof Asked)[]).map((what) => [what, count(what)])) as Asked;
}

/** The most of each in any second. */
export function peakOf(seconds: readonly Asked[]): Asked {
  return askedOf((what) => Math.max(...seconds.map((asked) => asked[what])));
}

/** How many instances of Lambda are busy while so much is asked for in a second. */
export function instancesOf({ apis, authorizers, brokers }: Asked): number {
  return (apis * runMs.apis + authorizers * runMs.authorizers + brokers * runMs.brokers) / second;
}
