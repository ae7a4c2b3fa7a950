import { join } from "node:path";
import { createSetup } from "@tether/local/setup";
import { platform } from "@tether/sdk/platform";
import { describe, expect, test } from "vitest";
import { folder, startAgent } from "../agent-process.ts";
import { startOperator } from "../peer/operator.ts";
import { startService } from "../service.ts";
import { faults, startVictim } from "./fault.ts";
import { drivers, wheelsOf } from "./wheels.ts";

/** From the fault to the last word to the wheels, in ms. */
const standsWithinMs = 1_500;

type Entry = { readonly id: string; readonly type: string; readonly cause?: string; readonly session?: string };

async function driving(driver: (folder: string, log: string) => string, fault: string | undefined) {
  const service = await startService();
  const home = folder();
  const log = join(home, "wheels");
  const robot = await service.createRobot();
  await startAgent(home, "enroll", service.origin, await service.codeFor(robot)).ended;
  const run = ["run", "--driver", driver(home, log)];
  const victim = startVictim(home, fault, ...run);
  await victim.online();
  const { token } = createSetup(service.system);
  const ada = startOperator({ api: service.origin, robot, token: () => token("owner") });
  ada.drive.request();
  await ada.ready();
  ada.hold({ linear: 0.5, angular: 0.1 });
  const wheels = wheelsOf(log);
  await wheels.until("motion", (all) => all.at(-1)?.speed === 0.5);
  const ofRobot = async () => {
    const { items } = (await service.call("GET", `/robots/${robot}/timeline`)) as { items: Entry[] };
    return items.filter(({ session = "", type }) => session.startsWith("rse") && /^(session|robot)\./.test(type));
  };
  return { victim, ada, wheels, ofRobot, again: () => startVictim(home, undefined, ...run) };
}

describe.each(Object.entries(drivers))("%s that drives", (_, driver) => {
  test.each(Object.entries(faults))("stands within 1.5 s of %s, and the timeline says why", async (_, fault) => {
    const { victim, ada, wheels, ofRobot, again } = await driving(driver, fault.inside);
    const before = new Set((await ofRobot()).map(({ id }) => id));
    const at = platform.clock.now();
    fault.harm(victim, { command: (command) => ada.drive.command(command), letGo: ada.letGo });
    await wheels.until("a stop", (all) => all.some((told) => told.at >= at && told.speed === 0));
    ada.letGo();
    if (fault.ends) await victim.ended;
    fault.mend?.(victim);
    if (fault.ends) await again().online();
    const { told } = fault;
    let entries: Entry[] = [];
    const isTold = (entry: Entry) => told === undefined || (told.types.includes(entry.type) && entry.cause === told.cause);
    for (let times = 0; times < 200 && !entries.some(isTold); times += 1) {
      entries = (await ofRobot()).filter(({ id }) => !before.has(id));
      if (told === undefined) break;
      await new Promise<void>((resolve) => platform.clock.after(50, resolve));
    }
    const causes = entries.flatMap(({ type, cause }) => (cause === undefined || type === "session.away" ? [] : [cause]));
    expect(new Set(causes)).toEqual(new Set(told ? [told.cause] : []));
    expect(entries.some(isTold)).toBe(told !== undefined);
    const after = wheels.all().filter((one) => one.at >= at);
    const stood = after.find(({ speed }) => speed === 0);
    expect(after.at(-1)?.speed).toBe(0);
    expect((stood?.at ?? Number.POSITIVE_INFINITY) - at).toBeLessThan(standsWithinMs);
  });
});
