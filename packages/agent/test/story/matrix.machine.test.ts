import { join } from "node:path";
import { createSetup } from "@tether/local/setup";
import { startLocal } from "@tether/local/start";
import type { System } from "@tether/local/system";
import { disk } from "@tether/program/disk";
import { createSocket } from "@tether/program/socket";
import { platform } from "@tether/sdk/platform";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { openDriver } from "../../src/driver/open.ts";
import { observer } from "../../src/observer.ts";
import { program } from "../../src/program.ts";
import { folder } from "../agent-process.ts";
import { NativeClient } from "../peer/libdatachannel.ts";
import { startOperator } from "../peer/operator.ts";
import { reachable } from "../reachable.ts";
import { ownerOf } from "../service.ts";
import { type Fault, faults, startVictim } from "./fault.ts";
import { drivers, type Told, wheelsOf } from "./wheels.ts";

/** From the fault, or from the order to stop, to the first zero after the last motion, in ms. */
const standsWithinMs = 1_500;

const usual = { linear: 0.5, angular: 0.1 } as const;
/** Sent after the fault, so that its speed shows a command that was obeyed later. */
const slower = { linear: 0.25, angular: 0.1 } as const;

type Entry = { readonly id: string; readonly type: string; readonly cause?: string; readonly session?: string };

let service: ReturnType<typeof ownerOf> & { readonly system: System };

beforeAll(async () => {
  const system = await startLocal({ port: 0, clock: "real", log: () => {} });
  service = { system, ...ownerOf(system) };
});

afterAll(() => service?.system.stop());

/** Enrolls by the program itself, in this process: the process that is harmed is another. */
async function enroll(home: string, code: string): Promise<void> {
  const outcome = await program({
    argv: ["enroll", service.system.origin, code, "--state", join(home, "tether")],
    variables: {},
    home,
    streams: { out() {}, err() {} },
    platform: { ...platform, socket: createSocket({}) },
    files: disk,
    process: { id: process.pid },
    handleSession: observer,
    openDriver,
    reach: reachable,
    examine: () => Promise.reject(new Error("Nothing is examined here.")),
    machine: "a test",
    input: async () => "",
    stopped: new AbortController().signal,
  });
  expect(outcome).toBe(0);
}

async function driving(
  driver: (folder: string, log: string) => string,
  fault: Pick<Fault, "inside" | "full">,
  onFinished: TestContext["onTestFinished"],
) {
  const home = folder(onFinished);
  const log = join(home, "wheels");
  const robot = await service.createRobot();
  await enroll(home, await service.codeFor(robot));
  const agent = { home, args: ["run", "--driver", driver(home, log)], onFinished };
  const victim = startVictim(agent, fault);
  await isOnline(() => service.call("GET", `/robots/${robot}/sessions`));
  const { token } = createSetup(service.system);
  const ada = startOperator({ api: service.system.origin, robot, token: () => token("owner") }, onFinished, () => new NativeClient());
  ada.drive.request();
  await ada.ready();
  ada.hold(usual);
  const wheels = wheelsOf(log);
  await wheels.until("motion", (all) => all.at(-1)?.speed === usual.linear);
  const ofRobot = async () => {
    const { items } = (await service.call("GET", `/robots/${robot}/timeline`)) as { items: Entry[] };
    return items.filter(({ session = "", type }) => session.startsWith("rse") && /^(session|robot)\./.test(type));
  };
  const again = () => startVictim(agent, {}).said.until("online", ({ status }) => status === "online");
  return { victim, ada, wheels, ofRobot, again };
}

/** Polls the service, because an output that is full says nothing. */
async function isOnline(sessions: () => Promise<unknown>): Promise<void> {
  for (let times = 0; times < 1_000; times += 1) {
    const { items } = (await sessions()) as { items: { state: string }[] };
    if (items.some(({ state }) => state === "online")) return;
    await new Promise<void>((resolve) => platform.clock.after(50, resolve));
  }
  throw new Error("The robot did not come online.");
}

/** The entries since `before` once one of them is the expected one. */
async function entriesOf(ofRobot: () => Promise<Entry[]>, before: ReadonlySet<string>, told: Fault["told"]): Promise<Entry[]> {
  for (let times = 0; ; times += 1) {
    const entries = (await ofRobot()).filter(({ id }) => !before.has(id));
    const isThere = entries.some(({ type, cause }) => told?.types.includes(type) && cause === told.cause);
    if (isThere || told === undefined || times === 1_200) return entries;
    await new Promise<void>((resolve) => platform.clock.after(50, resolve));
  }
}

/** The first zero of the wheels after their last motion. */
function standing(all: readonly Told[]): Told | undefined {
  return all[all.findLastIndex(({ speed }) => speed !== 0) + 1];
}

// Side by side, since each cell waits most of its time.
describe.concurrent.each(Object.entries(drivers))("%s that drives", (_, driver) => {
  test.for(Object.entries(faults))(
    "stands within 1.5 s of %s while its operator goes on, and the timeline says why",
    async ([, fault], { onTestFinished }) => {
      const { victim, ada, wheels, ofRobot, again } = await driving(driver, fault, onTestFinished);
      const before = new Set((await ofRobot()).map(({ id }) => id));
      let at = platform.clock.now();
      fault.harm(victim, { command: (command) => ada.drive.command(command), hold: ada.hold });
      const since = () => wheels.all().filter((one) => one.at >= at);
      if (fault.outcome === "drives") {
        ada.hold(slower);
        await wheels.until("a later command", () => since().filter(({ speed }) => speed === slower.linear).length >= 5);
        expect(since().filter(({ speed }) => speed === 0)).toEqual([]);
        at = platform.clock.now();
        ada.drive.stop("a cat");
      }
      await wheels.until("a stop", () => since().some(({ speed }) => speed === 0));
      ada.letGo();
      if (fault.outcome === "ends") await victim.ended;
      fault.mend?.(victim);
      if (fault.outcome === "ends") await again();
      const entries = await entriesOf(ofRobot, before, fault.told);
      const causes = entries.flatMap(({ type, cause }) => (cause === undefined || type === "session.away" ? [] : [cause]));
      expect(new Set(causes)).toEqual(new Set(fault.told ? [fault.told.cause] : []));
      const stood = standing(wheels.all());
      expect((stood?.at ?? Number.POSITIVE_INFINITY) - at).toBeLessThan(standsWithinMs);
      expect(fault.reasons ?? ["stop"]).toContain(stood?.reason);
    },
  );
});
