import { limits } from "@tether/protocol/limits";
import { operator, owner } from "../../../local/test/world/open-world.ts";
import type { Episodes } from "./episode.ts";
import { createMachine } from "./machine.ts";
import { createSite, type Site } from "./site.ts";
import { openTab } from "./tab.ts";
import { minute, second } from "./town.ts";

/** Waits until the robot is online and everyone there has settled. */
async function ready({ machine, town }: Site): Promise<boolean> {
  const isOnline = await machine.online();
  await town.pause(Math.floor(town.draw() * 20) * second);
  return isOnline && machine.isOnline();
}

function outage(how: "reset" | "silence", ms: number): (site: Site) => Promise<void> {
  return async (site) => {
    if (!(await ready(site))) return;
    const { town, machine } = site;
    machine.line.isUp = false;
    town.cut(String(machine.session()), "connection.lost", how);
    await town.pause(ms);
    machine.line.isUp = true;
    await machine.online();
  };
}

function killed(cause: "agent.killed" | "agent.crashed"): (site: Site) => Promise<void> {
  return async (site) => {
    if (await ready(site)) await site.machine.kill(cause);
    await site.machine.online();
  };
}

/** The agent restarts with a driver; what `act` does to it is the driver's end. */
function driven(act: (site: Site) => Promise<void>): (site: Site) => Promise<void> {
  return async (site) => {
    const { machine } = site;
    if (!(await ready(site))) return;
    machine.useDriver(true);
    await machine.stop("robot.left", 5 * second);
    if (await ready(site)) await act(site);
    machine.useDriver(false);
    if (await machine.online()) await machine.stop("robot.left", 5 * second);
    await machine.online();
  };
}

function driverEnds(cause: "driver.ended" | "driver.hung" | "driver.flooded"): (site: Site) => Promise<void> {
  return driven(async ({ machine, town }) => {
    // Long enough after its start not to count towards a loop.
    await town.pause(2 * minute);
    if (machine.isOnline()) machine.endDriver(cause);
    await town.pause(10 * second);
  });
}

export const robotEpisodes: Episodes = {
  "a robot's service is stopped": {
    weight: 6,
    async act(site) {
      if (await ready(site)) await site.machine.stop("robot.left", 30 * second);
    },
  },
  "a robot's agent is updated": {
    weight: 6,
    async act(site) {
      if (await ready(site)) await site.machine.stop("agent.updated", 20 * second);
      await site.machine.online();
    },
  },
  "a robot's network is reset for a while": { weight: 10, act: outage("reset", 60 * second) },
  "a robot's network is reset beyond its grace": { weight: 4, act: outage("reset", 15 * minute) },
  "a robot's network is silent for long": { weight: 5, act: outage("silence", 30 * minute) },
  "a robot's network is silent for a while": { weight: 3, act: outage("silence", 2 * minute) },
  "a robot's power is cut for a while": {
    weight: 4,
    async act(site) {
      if (await ready(site)) await site.machine.cutPower(40 * second);
      await site.machine.online();
    },
  },
  "a robot's power is cut for long": {
    weight: 5,
    async act(site) {
      if (await ready(site)) await site.machine.cutPower(25 * minute);
      await site.machine.online();
    },
  },
  "a robot's power is cut while its network is gone": {
    weight: 2,
    async act(site) {
      const { town, machine } = site;
      if (!(await ready(site))) return;
      machine.line.isUp = false;
      town.cut(String(machine.session()), "connection.lost", "reset");
      await town.pause(30 * second);
      await machine.cutPower(60 * second);
      machine.line.isUp = true;
      await machine.online();
    },
  },
  "an agent is killed": { weight: 5, act: killed("agent.killed") },
  "an agent crashes": { weight: 4, act: killed("agent.crashed") },
  "an agent hangs": {
    weight: 2,
    act: driven(async ({ machine, town }) => {
      await machine.kill("agent.hung");
      await town.pause(20 * second);
    }),
  },
  "a driver ends": { weight: 2, act: driverEnds("driver.ended") },
  "a driver hangs": { weight: 2, act: driverEnds("driver.hung") },
  "a driver floods": { weight: 1, act: driverEnds("driver.flooded") },
  "a driver is in a crash loop": {
    weight: 1,
    act: driven(async ({ machine, town }) => {
      for (const cause of ["driver.ended", "driver.ended", "driver.looping"] as const) {
        if (!(await machine.online())) return;
        machine.endDriver(cause);
        await town.pause(3 * second);
      }
      await town.pause(2 * minute);
    }),
  },
  "a robot's key is rotated": {
    weight: 2,
    async act(site) {
      if (await ready(site)) await site.machine.execute(["rotate"]);
    },
  },
  "a robot's key is revoked": {
    weight: 2,
    async act(site) {
      const { town, machine } = site;
      if (!(await ready(site))) return;
      const { world } = town;
      town.ledger.end(String(machine.session()), "credential.revoked");
      const path = `/v1/robots/${machine.robot}/credentials`;
      const { body } = await world.call<{ items: { kid: string; state: string }[] }>("GET", path, { as: owner });
      for (const { kid, state } of body.items)
        if (state !== "revoked") await world.call("DELETE", `${path}/${kid}?force=true`, { as: owner });
      await town.pause(30 * minute);
      await machine.execute(["enroll", "--again", world.system.origin, await town.codeFor(machine.robot)]);
      if (!machine.isRunning()) machine.start();
      await machine.online();
    },
  },
  "a robot cannot hand over": {
    weight: 1,
    async act(site) {
      const { town, machine } = site;
      if (!(await ready(site))) return;
      machine.line.refusesTickets = true;
      const [newest] = town.connections(({ sessionId }) => sessionId === machine.session()).toReversed();
      if (newest) {
        const endsAt = newest.connectedAt + limits.gateway.connectionLifeMs;
        town.ledger.cut(newest.sessionId, [newest.epoch], "gateway.cap", endsAt - minute);
        await town.pause(endsAt + 2 * minute - town.world.clock.now());
      }
      machine.line.refusesTickets = false;
      await machine.online();
    },
  },
  "the gateway is replaced": {
    weight: 1,
    async act({ town, machine }) {
      for (const { sessionId } of town.connections(({ robotId }) => robotId === machine.robot))
        town.cut(sessionId, "gateway.closed", "replace");
      await town.pause(2 * minute);
    },
  },
  "the service is deployed": {
    weight: 1,
    async act({ town }) {
      const { faults } = town.world.system;
      const before = faults.list();
      faults.set([...before.filter(({ name }) => name !== "latency"), { name: "latency", minMs: 600, maxMs: 3_000 }]);
      await town.pause(30 * second);
      faults.set(before);
    },
  },
  "a second machine takes over": {
    weight: 2,
    async act(site) {
      const { town, machine } = site;
      if (!(await ready(site))) return;
      const clone = createMachine(town, machine.robot);
      for (const [path, { text }] of machine.disk.names) if (path.endsWith("robot.json")) await clone.disk.create(path, text);
      clone.start();
      await clone.online();
      await town.pause(minute);
      await clone.stop("robot.left");
      await machine.online();
    },
  },
  "a robot is deleted": {
    weight: 1,
    async act({ town }) {
      const other = await createSite(town);
      const tab = openTab(town, other.machine.robot, operator);
      await Promise.all([other.machine.online(), other.watcher.online(), tab.online()]);
      for (const session of [other.machine.session(), other.watcher.id(), tab.id()]) town.ledger.end(String(session), "robot.deleted");
      await town.world.call("DELETE", `/v1/robots/${other.machine.robot}`, { as: owner });
      await town.pause(5 * second);
      other.machine.retire();
      for (const page of [other.watcher, tab]) page.dispose();
    },
  },
};
