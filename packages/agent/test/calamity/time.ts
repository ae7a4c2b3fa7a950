import { randomBytes } from "node:crypto";
import { parseControlKeys } from "@tether/core/control";
import { minute } from "../cause/town.ts";
import { type Calamity, day, hour, must } from "./calamity.ts";
import type { Before } from "./rig.ts";

/** The robot is started with a clock that is off, and nothing ever sets it. */
function wrongClock(name: string, skewMs: (now: number) => number): Calamity {
  return {
    name,
    robot: "Learns the time from the service's answer, says that its clock is wrong, and is online within a minute.",
    async happens({ town, machine, pass, during, isBackWithin }) {
      await during(machine.stop("robot.left"));
      machine.line.skewMs = skewMs(town.world.clock.now());
      machine.start();
      must(await isBackWithin(minute), "the robot is online");
      await pass(2 * hour);
      must(machine.isOnline(), "it stays and hands over");
    },
  };
}

/** New rings as a deployment hands them out; of the ring before nothing is left. */
function replaceRings({ town }: Before): void {
  const bytes = () => new Uint8Array(randomBytes(32));
  const id = randomBytes(4).toString("hex");
  town.world.system.deploy({
    ring: [{ id, secret: bytes() }],
    controlKeys: parseControlKeys(`${id}:${Buffer.from(bytes()).toString("base64url")}`),
  });
}

/** So much time passes at once: the sweeper looks once a day, or the years would take hours. */
async function longPass({ town, pass }: Before, ms: number): Promise<void> {
  const { faults } = town.world.system;
  faults.set([{ name: "sweep.late", ms: day, rate: 1 }]);
  await pass(ms);
  faults.set([]);
}

export const timeCalamities: readonly Calamity[] = [
  wrongClock("The clock is at 1970 and NTP is blocked", (now) => -now),
  wrongClock("The clock is ten years ahead", () => 3_650 * day),
  {
    name: "The clock is set by an hour while the robot is online",
    robot: "Stays online, renews and hands over.",
    async happens({ machine, pass }) {
      machine.line.skewMs = -hour;
      await pass(3 * hour);
      machine.line.skewMs = hour;
      await pass(3 * hour);
      must(machine.isOnline(), "the robot is online");
    },
  },
  {
    name: "Three years in a cupboard, and both rings and the issuer's key were replaced twice meanwhile",
    robot: "Comes online with the key that it has, long past its date, and rotates it unasked.",
    async happens(before) {
      const { town, machine, disk, during, isBackWithin, pass } = before;
      await during(machine.stop("robot.left"));
      const key = disk.names.get("/state/robot.json")?.text;
      for (let time = 0; time < 2; time++) {
        await longPass(before, 548 * day);
        replaceRings(before);
        await town.world.system.identity.rotateKeys();
      }
      machine.start();
      must(await isBackWithin(minute), "the robot is online");
      await pass(4 * hour);
      must(machine.isOnline(), "it stays and hands over");
      must(disk.names.get("/state/robot.json")?.text !== key, "its key was rotated");
    },
  },
  {
    name: "Both rings are replaced at once, and nothing of the ones before is kept",
    robot: "Stays online on its connection; its next ticket is made by the new ring.",
    async happens(before) {
      replaceRings(before);
      await before.pass(4 * hour);
      must(before.machine.isOnline(), "the robot is online");
    },
  },
  {
    name: "The service is rolled back to a version that does not speak the robot's protocol, for hours",
    robot: "Tries for about 12 min, ends with exit code 5, is started again by its service, and is online once the service is back.",
    async happens({ town, machine, pass, isBackWithin }) {
      const problem = { code: "protocol.unsupported", title: "No.", detail: "Update.", status: 400, serverTime: town.world.clock.now() };
      machine.line.intercept = () =>
        Promise.resolve(Response.json(problem, { status: 400, headers: { "content-type": "application/problem+json" } }));
      for (const { connectionId } of town.connections(({ robotId }) => robotId === machine.robot))
        town.world.system.gateway.connections.cut(connectionId);
      await pass(2 * hour);
      machine.line.intercept = () => undefined;
      must(await isBackWithin(16 * minute), "the robot is online within a quarter of an hour, which is the longest pause of its service");
    },
  },
];
