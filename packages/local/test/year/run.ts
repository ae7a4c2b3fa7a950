import { randomBytes, webcrypto } from "node:crypto";
import { parseControlKeys } from "@tether/core/control";
import { rotate } from "@tether/sdk/robot";
import { trackSubtle } from "../../src/clock/subtle.ts";
import { wholeTimeline } from "../world/invariants.ts";
import { openWorld, type World } from "../world/open-world.ts";
import { createOutages, type Trouble } from "./outages.ts";
import { createPair } from "./pair.ts";

const minute = 60_000;
const hour = 60 * minute;

/** The hours of a run, and on which of its days, counted from 0, what happens. */
export type Plan = {
  readonly days: number;
  readonly signalEveryMs: number;
  readonly visitMs: number;
  readonly ticketRing: readonly number[];
  readonly controlRing: readonly number[];
  readonly issuerKey: readonly number[];
  readonly robotKey: readonly number[];
  readonly deploy: readonly number[];
  readonly outage: readonly number[];
};

const every = (days: number, from: number, to: number) =>
  Array.from({ length: Math.max(0, Math.ceil((to - from) / days)) }, (_, n) => from + n * days);

/** The robot's key is due by itself every 30 days. */
export const year: Plan = {
  days: 365,
  signalEveryMs: 5 * minute,
  visitMs: 90 * minute,
  ticketRing: [90, 270],
  controlRing: [91, 271],
  issuerKey: [180],
  robotKey: [],
  deploy: every(7, 3, 365),
  outage: every(30, 15, 365),
};

export type Result = {
  readonly hours: number;
  readonly handOvers: number;
  readonly renewals: number;
  readonly visits: number;
  readonly keyRotations: number;
  readonly deploys: number;
  readonly outages: number;
  /** The outages in which the gateway cut the robot's connection, since none could be had in its place; and how long after one it was back at the latest. */
  readonly cuts: number;
  readonly latestBackMs: number;
  readonly ringRotations: number;
  readonly issuerRotations: number;
  readonly signals: number;
  /** Signals that did not come, came twice, or came in another order than they were sent. */
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly robotSessions: number;
  /** Endings that nobody ordered, and everything else that an end or the timeline saw and that ought not to be. */
  readonly troubles: readonly string[];
};

/** Entries of a time in which nothing goes wrong. */
const usual = new Set([
  ...["session.opening", "session.online", "session.superseded", "session.renewed", "session.ended"],
  ...["robot.created", "grant.given", "credential.registered", "credential.pending", "credential.activated"],
]);

function newRings() {
  const secret = () => new Uint8Array(randomBytes(32));
  return {
    ticket: { id: `t${randomBytes(4).toString("hex")}`, secret: secret() },
    control: `c${randomBytes(4).toString("hex")}:${Buffer.from(secret()).toString("base64url")}`,
  };
}

/** Lets the time of the plan pass at one robot, or less where `goesOn`, which is told the days that passed, answers false. */
export async function runYear(plan: Plan, goesOn: (days: number) => boolean = () => true): Promise<Result> {
  const first = newRings();
  const control = [first.control];
  let ring: readonly [(typeof first)["ticket"], ...(typeof first)["ticket"][]] = [first.ticket];
  const world: World = await openWorld({ ring, controlKeys: parseControlKeys(first.control), sweepsWhereDue: true, log: () => {} });
  const untrack = trackSubtle(world.quiet, webcrypto.subtle);
  try {
    const { clock, system } = world;
    const pair = await createPair(world);
    const { robotEnd } = pair;
    const startedAt = clock.now();
    const done = { visits: 0, deploys: 0, rings: 0, issuer: 0, rotations: 0 };
    const sent = { toRobot: [] as string[], toClient: [] as string[] };
    const heard = { byRobot: robotEnd.got, byClient: [] as string[] };
    const troubles: Trouble[] = [];
    const outages = createOutages();
    await clock.advance(minute);

    /** Both rings are handed on with the next deployment: a new key in front, and the one before to verify by. */
    function rotateRings(which: "ticket" | "control"): void {
      const next = newRings();
      if (which === "ticket") ring = [next.ticket, ring[0]];
      else control.unshift(next.control);
      system.deploy({ ring, controlKeys: parseControlKeys(control.slice(0, 2).join(",")) });
      done.rings += 1;
    }

    async function outage(): Promise<void> {
      const from = clock.now();
      system.faults.set([{ name: "store.failing", rate: 1 }]);
      await clock.advance(25 * minute);
      system.faults.set([]);
      outages.add(from, clock.now());
    }

    async function visit(day: number): Promise<void> {
      const client = pair.visit();
      done.visits += 1;
      await clock.advance(minute);
      for (let passed = 0; passed < plan.visitMs; passed += plan.signalEveryMs) {
        const [there, back] = [`${day}:${passed}:there`, `${day}:${passed}:back`];
        if (client.session.id === undefined || robotEnd.session.id === undefined) troubles.push({ at: clock.now(), what: "not online" });
        else {
          client.send(robotEnd.session.id, there);
          robotEnd.send(client.session.id, back);
          sent.toRobot.push(there);
          sent.toClient.push(back);
        }
        await clock.advance(plan.signalEveryMs);
        if (passed === 6 * plan.signalEveryMs) await happen(day);
      }
      await clock.advance(5 * minute);
      heard.byClient.push(...client.got);
      troubles.push(...client.troubles);
      const leaving = client.session.leave("evening");
      await clock.advance(minute);
      await leaving;
    }

    /** The events of a day happen in the middle of the visit, when they can do most harm. */
    async function happen(day: number): Promise<void> {
      if (plan.ticketRing.includes(day)) rotateRings("ticket");
      if (plan.controlRing.includes(day)) rotateRings("control");
      if (plan.issuerKey.includes(day)) {
        await system.identity.rotateKeys();
        done.issuer += 1;
      }
      if (plan.robotKey.includes(day)) {
        const env = { ...pair.platform, api: system.origin, robot: pair.robot, keys: pair.keys.store, log: () => {} };
        await rotate(env, { retireNow: false });
      }
      if (plan.deploy.includes(day)) {
        system.deploy();
        done.deploys += 1;
      }
      if (plan.outage.includes(day)) await outage();
    }

    for (let day = 0; day < plan.days; day++) {
      await clock.advanceTo(startedAt + day * 24 * hour + 8 * hour);
      await visit(day);
      await clock.advanceTo(startedAt + (day + 1) * 24 * hour);
      if (!goesOn(day + 1)) break;
    }

    const timeline = await wholeTimeline(world, pair.robot);
    const of = (type: string) => timeline.filter((entry) => entry.type === type).length;
    for (const { type, cause, session, at } of timeline) {
      const isOrdered = type !== "session.ended" || (cause === "client.left" && session?.startsWith("cse_"));
      if (!usual.has(type) || !isOrdered) troubles.push({ at, what: `${type} ${cause ?? ""} ${session ?? ""}` });
    }
    troubles.push(...robotEnd.troubles);
    const { others, cuts, latestBackMs } = outages.sort(troubles);
    robotEnd.session.close();
    await world.idle();
    return {
      hours: (clock.now() - startedAt) / hour,
      handOvers: of("session.superseded"),
      renewals: of("session.renewed"),
      visits: done.visits,
      keyRotations: pair.keys.changes(),
      deploys: done.deploys,
      outages: outages.count,
      cuts,
      latestBackMs,
      ringRotations: done.rings,
      issuerRotations: done.issuer,
      signals: sent.toRobot.length + sent.toClient.length,
      lost: [...missing(sent.toRobot, heard.byRobot), ...missing(sent.toClient, heard.byClient)],
      doubled: [...disordered(sent.toRobot, heard.byRobot), ...disordered(sent.toClient, heard.byClient)],
      robotSessions: new Set(timeline.flatMap(({ session }) => (session?.startsWith("rse_") ? [session] : []))).size,
      troubles: others,
    };
  } finally {
    untrack();
    await world.system.stop();
  }
}

function missing(sent: readonly string[], got: readonly string[]): string[] {
  const came = new Set(got);
  return sent.filter((one) => !came.has(one));
}

/** The signals that came twice, or before one that was sent before them. */
function disordered(sent: readonly string[], got: readonly string[]): string[] {
  const places = new Map(sent.map((one, place) => [one, place]));
  let last = -1;
  return got.filter((one) => {
    const place = places.get(one) ?? -1;
    const isRight = place > last;
    last = Math.max(last, place);
    return !isRight;
  });
}
