import type { RobotId } from "@tether/protocol/id";
import { makeKeyPair, publicKeyOf, type RobotSession, type ServeOptions, type Signer, serve, signerFromJwk } from "@tether/sdk/robot";
import type { Clock } from "../clock/clock.ts";
import type { Lab } from "./lab.ts";

type Line = Parameters<NonNullable<ServeOptions["log"]>>[0];

export type FleetOptions = {
  readonly robots: number;
  /** Over so long, in ms, they come online one after the other. */
  readonly overMs: number;
  /** So many differ in what they draw by chance, and the others are copies of them; none are unless told. */
  readonly kinds?: number;
  /** Their timers go off on whole multiples of it, in ms, so that time moves in fewer steps. */
  readonly tickMs?: number;
  /** Told what each one logs. */
  readonly heard?: (robot: number, line: Line) => void;
};

/** Registers robots, straight in the table, and puts them online: each one is the SDK's, as it runs anywhere. */
export async function startFleet(lab: Lab, options: FleetOptions): Promise<RobotSession[]> {
  const { robots: count, overMs, kinds = count, tickMs = 1, heard = () => {} } = options;
  const { clock, quiet, system } = lab;
  const ticking = ticksOf(clock, tickMs);
  const beganAt = clock.now();
  const robots: RobotSession[] = [];
  for (const [n, { id, signer }] of (await register(lab, count)).entries()) {
    const startsAt = beganAt + Math.floor((overMs * (n % kinds)) / kinds / tickMs) * tickMs;
    const begin = () => {
      const platform = { ...lab.platform(n, n % kinds), clock: ticking };
      robots[n] = serve({ api: system.origin, robot: id, signer, platform, log: (line) => heard(n, line) });
    };
    clock.after(startsAt - beganAt, begin);
  }
  await clock.advance(overMs);
  await quiet.idle();
  const online = robots.filter(({ status }) => status === "online").length;
  if (online < count) throw new Error(`Of ${count} robots ${online} came online.`);
  return robots;
}

export async function stopFleet({ quiet }: Lab, robots: readonly RobotSession[]): Promise<void> {
  for (const robot of robots) robot.close();
  await quiet.idle();
}

async function register({ system, clock }: Lab, count: number): Promise<{ id: RobotId; signer: Signer }[]> {
  const { ids, store } = system.env;
  const at = clock.now();
  const robots = await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const key = await makeKeyPair();
      return { id: ids.next("RobotId") as RobotId, name: `Robot ${n}`, publicKey: publicKeyOf(key), signer: await signerFromJwk(key) };
    }),
  );
  const { robot, credential } = store.entities;
  await robot.put(robots.map(({ id, name }) => ({ robotId: id, name, createdAt: at, createdBy: "fleet" }))).go();
  const active = { state: "active", registeredAt: at, registeredBy: "fleet" } as const;
  await credential.put(robots.map(({ id, publicKey, signer }) => ({ robotId: id, kid: signer.kid, publicKey, ...active }))).go();
  return robots;
}

/** Timers that go off late by up to a tick. */
function ticksOf(clock: Clock, tickMs: number): Clock {
  return {
    now: clock.now,
    after: (ms, run) => clock.after(Math.ceil((clock.now() + Math.max(0, ms)) / tickMs) * tickMs - clock.now(), run),
  };
}
