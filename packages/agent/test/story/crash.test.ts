import type { Files } from "@tether/program/files";
import type { RobotId } from "@tether/protocol/id";
import { keyedTickets } from "@tether/sdk/credential/tickets";
import { expect, test } from "vitest";
import { keysIn, openStore } from "../../src/state/store.ts";
import { type Loss, losses } from "../memory-disk.ts";
import { createMortal, type Moment, moments } from "../mortal.ts";
import { createRig, folder, type Rig } from "../rig.ts";

type Death = { readonly step: number; readonly moment: Moment; readonly loss: Loss };

/** Whether the robot gets a ticket with a key on its disk, as it is. */
async function getsIn({ platform, origin }: Rig, files: Files, robot: RobotId): Promise<boolean> {
  const store = openStore({ files, clock: platform.clock }, folder);
  const ask = keyedTickets({ ...platform, api: origin, robot, keys: keysIn(store, platform.clock), log: () => {} });
  const { ticketed } = await ask({ use: "connect", session: undefined }, new AbortController().signal);
  return "answer" in ticketed;
}

/** Tells each death that there is to die; answers how many steps there were. */
async function everyDeath(dies: (death: Death) => Promise<boolean>): Promise<number> {
  for (let step = 1; ; step++) {
    for (const moment of moments) {
      for (const loss of losses) if (!(await dies({ step, moment, loss }))) return step - 1;
    }
  }
}

test("whichever step of enrolling is the last before the power fails, the same code lets the robot in afterwards [N5, N6]", async () => {
  const rig = await createRig();
  const { world, owner, agent, origin } = rig;
  const steps = await everyDeath(async (death) => {
    const robot = await owner.createRobot();
    const code = await owner.codeFor(robot);
    const disk = rig.disk();
    const mortal = createMortal({ files: disk, fetch: world.fetch }, death.step, death.moment);
    await agent(["enroll", origin, code], mortal);
    disk.lose(death.loss);
    await world.clock.advance(60_000);
    const again = await agent(["enroll", origin, code], { files: disk });
    expect({ death, again: again.code, in: await getsIn(rig, disk, robot) }).toEqual({ death, again: 0, in: true });
    return mortal.died();
  });
  expect(steps).toBeGreaterThan(10);
});

test.each([[[]], [["--retire-now"]]])(
  "whichever step of rotating %j is the last before the power fails, a key on the disk buys a ticket afterwards [N6]",
  async (flags) => {
    const rig = await createRig();
    const { world, owner, agent, origin } = rig;
    const steps = await everyDeath(async (death) => {
      const robot = await owner.createRobot();
      const disk = rig.disk();
      await agent(["enroll", origin, await owner.codeFor(robot)], { files: disk });
      const mortal = createMortal({ files: disk, fetch: world.fetch }, death.step, death.moment);
      await agent(["rotate", ...flags], mortal);
      disk.lose(death.loss);
      await world.clock.advance(60_000);
      const inAtOnce = await getsIn(rig, disk, robot);
      const { code } = await agent(["rotate"], { files: disk });
      expect({ death, inAtOnce, code, in: await getsIn(rig, disk, robot) }).toEqual({ death, inAtOnce: true, code: 0, in: true });
      return mortal.died();
    });
    expect(steps).toBeGreaterThan(10);
    const types = world.lines.map(({ security }) => security).filter((security) => security !== undefined);
    expect(types).toEqual([]);
  },
);
