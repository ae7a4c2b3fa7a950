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
  await late.saying({ event: "state", status: "stopped", code: "assertion.key" });
  late.stop();
  expect(await late.ended).toBe(exits.done.code);
});

test("a second run on one machine is refused and told who runs; a kill gives the place back", async () => {
  const { origin, createRobot, codeFor } = await startService();
  const home = folder();
  await startAgent(home, "enroll", origin, await codeFor(await createRobot())).ended;
  const first = startAgent(home, "run");
  await first.saying({ event: "state", status: "online" });
  const second = startAgent(home, "run");
  expect(await second.ended).toBe(exits.running.code);
  expect(second.said.at(-1)).toMatchObject({
    code: "run.held",
    says: expect.stringMatching(/\(process \d+, since \d{4}-\d\d-\d\dT.*Z\)\.$/),
  });
  first.kill();
  await first.ended;
  const third = startAgent(home, "run");
  await third.saying({ event: "state", status: "online" });
  third.stop();
  expect(await third.ended).toBe(exits.done.code);
});
