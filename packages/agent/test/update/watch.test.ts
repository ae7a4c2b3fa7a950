import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test } from "vitest";
import { isOlder } from "../../src/update/order.ts";
import { lookMs, watchForUpdate } from "../../src/update/watch.ts";

function start() {
  const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
  const world = { current: "1.0.0" as string | undefined, failed: undefined as string | undefined, isDriven: false };
  const { signal, close } = watchForUpdate({
    clock,
    version: "1.0.0",
    current: () => world.current,
    failed: async () => world.failed,
    isDriven: () => world.isDriven,
  });
  /** Passes the time of one look, and waits for what it finds. */
  const look = async () => {
    await clock.advance(lookMs);
    await Promise.resolve();
    return signal.aborted;
  };
  return { world, look, close };
}

test("a run leaves for another version once nobody drives, and not before", async () => {
  const { world, look } = start();
  expect(await look()).toBe(false);
  Object.assign(world, { current: "1.1.0", isDriven: true });
  for (let n = 0; n < 100; n += 1) expect(await look()).toBe(false);
  world.isDriven = false;
  expect(await look()).toBe(true);
});

test.each([
  ["no other version", { current: "1.0.0" }],
  ["a link that cannot be read", { current: undefined }],
  ["a version that did not come online here", { current: "1.1.0", failed: "1.1.0" }],
])("a run stays with %s", async (_, facts) => {
  const { world, look } = start();
  Object.assign(world, facts);
  for (let n = 0; n < 3; n += 1) expect(await look()).toBe(false);
});

test("a run that is over looks no more", async () => {
  const { world, look, close } = start();
  close();
  world.current = "1.1.0";
  expect(await look()).toBe(false);
});

test.each([
  ["1.0.0", "1.0.1", true],
  ["1.0.1", "1.0.0", false],
  ["0.9.9", "1.0.0", true],
  ["1.10.0", "1.9.0", false],
  ["1.0.0-local.aa", "1.0.0-local.bb", false],
  ["1.0.0", "1.0.0", false],
])("%s before %s: %s", (version, than, expected) => {
  expect(isOlder(version, than)).toBe(expected);
});
