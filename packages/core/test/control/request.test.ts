import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import { admin, greeting, operator } from "../../../local/test/world/world.ts";

const { answerMs, keptMs } = limits.control;

test("who asks while another holds is asked for, and the holder hands over or says no in its own words [D8, D8.1, D10]", async () => {
  const { world, robotEnd, driver, boss, watcher, clear } = await attended();
  await world.say(driver, { type: "control.request" });
  clear();
  await world.say(boss, { type: "control.request", id: "please" });
  const answerBy = world.clock.now() + answerMs;
  expect(boss.frames).toEqual([expect.objectContaining({ type: "control.asked", id: "please", answerBy })]);
  expect(driver.frames).toEqual([
    { type: "control.requested", from: boss.session, user: { id: expect.any(String), name: expect.any(String) }, answerBy },
  ]);
  await world.say(driver, { type: "control.deny", to: boss.session, reason: "nearly there" });
  expect(boss.last("control.denied")).toMatchObject({ id: "please", actor: { type: "user" }, reason: "nearly there" });
  await world.say(driver, { type: "control.deny", to: boss.session });
  expect(driver.last("problem")).toMatchObject({ code: "control.unasked" });
  await world.say(boss, { type: "control.request" });
  await world.say(driver, { type: "control.give", to: boss.session });
  for (const end of [robotEnd, driver, boss, watcher])
    expect(end.all("control.changed")).toEqual([
      expect.objectContaining({ because: "given", actor: expect.objectContaining({ type: "user" }) }),
    ]);
  expect(boss.last("control.granted")?.control).toMatchObject({ epoch: 2, holder: { session: boss.session } });
  await world.say(driver, { type: "control.give", to: boss.session });
  await world.say(driver, { type: "control.deny", to: boss.session });
  expect(
    driver
      .all("problem")
      .slice(-2)
      .map(({ code }) => code),
  ).toEqual(["control.unheld", "control.unheld"]);
});

test("asked again before answerBy nobody is told anew; at answerBy the answer is no, by the policy [D8.2, D9]", async () => {
  const { world, driver, boss, robotEnd } = await attended();
  await world.say(driver, { type: "control.request" });
  await world.say(boss, { type: "control.request" });
  const { answerBy } = boss.last("control.asked") ?? {};
  await world.clock.advance(answerMs - 1);
  await world.say(boss, { type: "control.request", id: "early" });
  expect(boss.last("control.asked")).toMatchObject({ id: "early", answerBy });
  expect(driver.all("control.requested")).toHaveLength(1);
  await world.clock.advance(1);
  await world.say(boss, { type: "control.request", id: "now" });
  expect(boss.last("control.denied")).toEqual({ type: "control.denied", id: "now", actor: { type: "system" } });
  expect(robotEnd.all("control.changed")).toHaveLength(1);
  await world.say(boss, { type: "control.request" });
  expect(driver.all("control.requested")).toHaveLength(2);
});

test("a robot whose policy is to grant goes to who asked when the holder does not answer [D9]", async () => {
  const { world, driver, boss, robotEnd, policy } = await attended();
  await policy({ unanswered: "grant" });
  await world.say(driver, { type: "control.request" });
  await world.say(boss, { type: "control.request" });
  await world.clock.advance(answerMs - 1);
  await world.say(boss, { type: "control.request" });
  expect(boss.last("control.granted")).toBeUndefined();
  await world.clock.advance(1);
  await world.say(boss, { type: "control.request", id: "now" });
  expect(boss.last("control.granted")).toMatchObject({ id: "now", control: { epoch: 2, holder: { session: boss.session } } });
  expect(driver.last("control.changed")).toMatchObject({ because: "unanswered", actor: { type: "user" } });
  expect(robotEnd.last("control.changed")).toEqual(driver.last("control.changed"));
});

test.each(["grant", "deny"] as const)(
  "a request that nobody asked about again in time is over, where the policy is to %s: the next one is put to the holder [D9.1]",
  async (unanswered) => {
    const { world, driver, boss, policy } = await attended();
    await policy({ unanswered });
    await world.say(driver, { type: "control.request" });
    await world.say(boss, { type: "control.request" });
    await world.clock.advance(2 * answerMs);
    await world.say(boss, { type: "control.request", id: "later" });
    expect(boss.last("control.asked")).toMatchObject({ id: "later", answerBy: world.clock.now() + answerMs });
    expect([driver.all("control.requested").length, boss.all("control.granted"), boss.all("control.denied")]).toEqual([2, [], []]);
  },
);

test("a holder that says no to a request that is over is told that nobody asked, and its sender nothing [D9.1]", async () => {
  const { world, driver, boss } = await attended();
  await world.say(driver, { type: "control.request" });
  await world.say(boss, { type: "control.request" });
  await world.clock.advance(2 * answerMs);
  await world.say(driver, { type: "control.deny", to: boss.session });
  expect([driver.last("problem")?.code, boss.all("control.denied")]).toEqual(["control.unasked", []]);
});

test("a request whose outcome is asked for at the last moment has it [D9.1]", async () => {
  const { world, driver, boss, policy } = await attended();
  await policy({ unanswered: "grant" });
  await world.say(driver, { type: "control.request" });
  await world.say(boss, { type: "control.request" });
  await world.clock.advance(2 * answerMs - 1);
  await world.say(boss, { type: "control.request", id: "just" });
  expect(boss.last("control.granted")).toMatchObject({ id: "just" });
});

test("a holder whose connection is gone without a word is found out when someone asks, and kept for 20 s [D8.3]", async () => {
  const { world, driver, boss, robotEnd } = await attended();
  await world.say(driver, { type: "control.request" });
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  driver.socket.close(1001);
  await world.idle();
  expect(robotEnd.last("control.changed")?.because).toBe("granted");
  await world.say(boss, { type: "control.request" });
  expect(boss.last("control.asked")).toMatchObject({ answerBy: world.clock.now() + keptMs, control: { epoch: 1 } });
  expect(robotEnd.last("control.changed")).toMatchObject({ because: "away", control: { holder: { session: driver.session } } });
  await world.clock.advance(keptMs);
  await world.say(boss, { type: "control.request" });
  expect(boss.last("control.granted")?.control.epoch).toBe(3);
});

test("a holder that comes back while someone waits is asked then, with 15 s of its own [D8.1, D9]", async () => {
  const { world, robot, driver, boss, policy } = await attended();
  await policy({ unanswered: "grant" });
  await world.say(driver, { type: "control.request" });
  driver.socket.close(1001);
  await world.idle();
  await world.say(boss, { type: "control.request" });
  const back = await world.join(robot, operator, { session: driver.session });
  await world.clock.advance(keptMs);
  await world.say(boss, { type: "control.request" });
  expect(boss.last("control.granted")).toBeUndefined();
  expect(boss.last("control.asked")?.answerBy).toBe(world.clock.now() + answerMs);
  expect(back.last("control.requested")).toMatchObject({ from: boss.session });
});

test("a holder that comes back after it was asked is told again by welcome, until it answers or the time is over [D8.4]", async () => {
  const { world, robot, driver, boss, watcher, policy } = await attended();
  await policy({ unanswered: "grant" });
  await world.say(driver, { type: "control.request" });
  await world.say(boss, { type: "control.request" });
  const asked = driver.last("control.requested");
  const pending = [{ from: boss.session, user: asked?.user, answerBy: asked?.answerBy }];
  driver.socket.close(1001);
  await world.clock.advance(answerMs - 1);
  const back = await world.join(robot, operator, { session: driver.session });
  expect(back.last("welcome")?.control?.requests).toEqual(pending);
  for (const end of [boss, watcher]) await world.say(end, { type: "hello", ...greeting });
  expect([boss.last("welcome")?.control, watcher.last("welcome")?.control]).not.toContainEqual(
    expect.objectContaining({ requests: expect.anything() }),
  );
  await world.clock.advance(1);
  await world.say(back, { type: "hello", ...greeting });
  expect(back.last("welcome")?.control?.requests).toBeUndefined();
  await world.say(boss, { type: "control.request" });
  expect(boss.last("control.granted")).toMatchObject({ control: { epoch: 2, holder: { session: boss.session } } });
});

test("welcome names no request that the holder refused, nor one whose sender is gone [D8.4]", async () => {
  const { world, robot, driver, boss } = await attended();
  const third = await world.join(robot, admin);
  await world.say(driver, { type: "control.request" });
  for (const end of [boss, third]) await world.say(end, { type: "control.request" });
  const named = async () => {
    await world.say(driver, { type: "hello", ...greeting });
    return driver.last("welcome")?.control?.requests?.map(({ from }) => from);
  };
  expect(await named()).toEqual([boss.session, third.session]);
  await world.say(driver, { type: "control.deny", to: boss.session });
  expect(await named()).toEqual([third.session]);
  await world.say(third, { type: "leave" });
  expect(await named()).toBeUndefined();
});

test("control is not handed to who cannot be reached [D10]", async () => {
  const { world, robotEnd, driver, boss } = await attended();
  await world.say(driver, { type: "control.request" });
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  boss.socket.close(1001);
  await world.idle();
  for (const to of [boss.session, driver.session, "cse_01JZ8Q6B3C5E7G9J1K3N5Q7S9V"]) {
    await world.say(driver, { type: "control.give", to });
    expect(driver.last("problem")).toMatchObject({ code: "control.target" });
  }
  expect(robotEnd.all("control.changed")).toHaveLength(1);
});

test("an owner takes control from its holder, who is told who and why; an operator may where the policy says so [D11]", async () => {
  const { world, robotEnd, driver, boss, watcher, clear, policy } = await attended();
  await world.say(driver, { type: "control.request" });
  await world.say(boss, { type: "control.request" });
  clear();
  await world.say(boss, { type: "control.take", id: "t", reason: "obstacle" });
  for (const end of [robotEnd, driver, boss, watcher])
    expect(end.last("control.changed")).toMatchObject({
      because: "taken",
      actor: { type: "user", name: expect.any(String) },
      reason: "obstacle",
      control: { epoch: 2, holder: { session: boss.session } },
    });
  expect(boss.last("control.granted")).toMatchObject({ id: "t", control: { epoch: 2 } });
  await world.say(driver, { type: "control.take", reason: "mine" });
  expect(driver.last("problem")).toMatchObject({ code: "access.denied" });
  await policy({ takers: "operator" });
  await world.say(driver, { type: "control.take", reason: "mine" });
  expect(driver.last("control.granted")?.control).toMatchObject({ epoch: 3, holder: { session: driver.session } });
});
