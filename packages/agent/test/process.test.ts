import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import { folder, startAgent } from "./agent-process.ts";
import { startService } from "./service.ts";

test("a robot enrolls, runs, rotates while it runs, signs off at SIGTERM, and is turned away once its key is revoked", async () => {
  const { origin, createRobot, codeFor, revoke, call } = await startService();
  const robot = await createRobot();
  const home = folder();

  const enrolling = startAgent(home, "enroll", origin, await codeFor(robot));
  expect(await enrolling.ended).toBe(0);
  const [enrolled] = enrolling.said;
  expect(enrolled).toMatchObject({ enrolled: true, api: origin, robot: { id: robot, name: "Rover" } });
  expect(statSync(join(home, "tether/robot.json")).mode & 0o777).toBe(0o600);

  const running = startAgent(home, "run");
  await running.saying({ event: "state", status: "online" });
  const rotating = startAgent(home, "rotate");
  expect(await rotating.ended).toBe(0);
  expect(rotating.said[0]).toMatchObject({ rotated: true, replaced: enrolled?.kid, resumed: false });

  const status = startAgent(home, "status");
  expect(await status.ended).toBe(0);
  expect(status.said[0]).toMatchObject({ robot: { id: robot }, key: { kid: rotating.said[0]?.kid }, last: { status: "online" } });

  running.stop();
  expect(await running.ended).toBe(exits.done.code);
  const { items } = (await call("GET", `/robots/${robot}/sessions`)) as { items: { ending: unknown }[] };
  expect(items[0]?.ending).toMatchObject({ cause: "robot.left", inferred: false });

  const again = startAgent(home, "run");
  await again.saying({ event: "state", status: "online" });
  await revoke(robot, String(rotating.said[0]?.kid));
  expect(await again.ended).toBe(exits.refused.code);
  expect(again.said.at(-1)).toMatchObject({ exit: exits.refused.code, code: "credential.revoked" });

  const late = startAgent(home, "run");
  expect(await late.ended).toBe(exits.refused.code);
  expect(late.said.at(-1)).toMatchObject({ code: "assertion.key" });
});

test("a second agent with the same key takes over, and the first one ends with a code that is not started again", async () => {
  const { origin, createRobot, codeFor } = await startService();
  const home = folder();
  await startAgent(home, "enroll", origin, await codeFor(await createRobot())).ended;
  const first = startAgent(home, "run");
  await first.saying({ event: "state", status: "online" });
  const second = startAgent(home, "run");
  await second.saying({ event: "state", status: "online" });
  expect(await first.ended).toBe(exits.superseded.code);
  second.stop();
  expect(await second.ended).toBe(exits.done.code);
});
