import type { RobotId } from "@tether/protocol/id";
import { attach } from "@tether/sdk/client";
import { makeKeyPair, publicKeyOf, type RobotSession, serve, signerFromJwk } from "@tether/sdk/robot";
import type { Lab } from "./lab.ts";
import { minus, plus, times, type Usage } from "./usage.ts";

const hour = 3_600_000;
export const monthHours = 730;

/** An active robot's month: so many sessions, so long together. */
export const active = { sessions: 60, hours: 40 } as const;

export type Months = {
  /** The use of the system with nobody there: the sweeper's look at the table. */
  readonly nobody: Usage;
  /** The use that one robot that is online adds. */
  readonly idle: Usage;
  readonly active: Usage;
};

const dayHours = 24;
const visits = 2;
const visitMs = (active.hours / active.sessions) * hour;

/** The same day three times, each with the same randomness: with nobody, with a robot, and with a robot that is visited twice. */
export async function countMonths(inLab: <T>(work: (lab: Lab) => Promise<T>) => Promise<T>): Promise<Months> {
  const nobody = await inLab((lab) => day(lab, { robot: false, visits: 0 }));
  const idle = await inLab((lab) => day(lab, { robot: true, visits: 0 }));
  const visited = await inLab((lab) => day(lab, { robot: true, visits }));
  const month = (usage: Usage) => times(usage, monthHours / dayHours);
  const alone = month(minus(idle, nobody));
  return { nobody: month(nobody), idle: alone, active: plus(alone, times(minus(visited, idle), active.sessions / visits)) };
}

/** A day of the SDK's robot, which comes online before it begins, and of an operator of the SDK's who drives it now and then. */
async function day(lab: Lab, of: { robot: boolean; visits: number }): Promise<Usage> {
  const { clock, setup, system } = lab;
  const key = await makeKeyPair();
  const robot = await setup.robot("Rover", publicKeyOf(key));
  const signer = await signerFromJwk(key);
  const end = of.robot ? serve({ api: system.origin, robot, signer, platform: lab.platform(11) }) : undefined;
  await lab.quiet.idle();
  const { usage } = await lab.count(async () => {
    const endsAt = clock.now() + dayHours * hour;
    for (let visit = 0; visit < of.visits; visit++) {
      await clock.advance(6 * hour);
      if (end) await pay(lab, robot, end, visit);
    }
    await clock.advanceTo(endsAt);
  });
  end?.close();
  await lab.quiet.idle();
  return usage;
}

/** A visit: four signals each way, as a connection's set-up has, and control for as long as it lasts. */
async function pay({ clock, platform, quiet, setup, system }: Lab, robot: RobotId, end: RobotSession, visit: number): Promise<void> {
  const token = () => setup.token("operator");
  const client = attach({ api: system.origin, robot, token, platform: platform(12 + visit) });
  await quiet.idle();
  const peer = client.peers[0]?.session;
  if (peer === undefined) throw new Error("The operator does not see the robot.");
  for (let n = 1; n <= 4; n++) {
    client.send(peer, { kind: "app", body: n });
    for (const { session } of end.peers) end.send(session, { kind: "app", body: n });
    await quiet.idle();
  }
  client.control.request();
  await clock.advance(visitMs);
  client.control.release();
  await quiet.idle();
  client.close();
  await quiet.idle();
}
