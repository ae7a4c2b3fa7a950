import { expect, test } from "vitest";
import { createDriving } from "../world/driving.ts";
import { operator } from "../world/world.ts";

const second = 1_000;

/** Drives until the robot obeys, for so long at most. Answers when it did. */
async function obeyedWithin(
  { world, take }: Awaited<ReturnType<typeof createDriving>>,
  go: (ms: number) => Promise<unknown>,
  ms: number,
): Promise<number | undefined> {
  const until = world.clock.now() + ms;
  for (take(); world.clock.now() < until; ) {
    await go(100);
    const obeyed = take().find(({ did }) => did === "command");
    if (obeyed) return obeyed.at;
  }
  return undefined;
}

test.each(["robot", "client"] as const)(
  "the operator drives again within 15 s after the %s's address changed, over the same peer connection [E10, W4]",
  async (side) => {
    const driving = await createDriving({ over: "peers" });
    const { world, operate, session, made, breakPath } = driving;
    const ada = await operate(operator);
    await ada.acquire();
    await ada.go(5 * second);
    const changedAt = world.clock.now();
    const { id } = side === "robot" ? session : ada.client;
    const held = world.system.gateway.connections.list().filter(({ authorizer }) => String(authorizer.claims).includes(String(id)));
    expect(held).toHaveLength(1);
    for (const { connectionId } of held) world.system.gateway.connections.stall(connectionId);
    const notice = breakPath();
    expect(await obeyedWithin(driving, ada.go, 6 * second)).toBeUndefined();
    notice();
    const obeyedAt = await obeyedWithin(driving, ada.go, 9 * second);
    expect(obeyedAt).toBeDefined();
    expect((obeyedAt ?? 0) - changedAt).toBeLessThanOrEqual(15 * second);
    expect([made.robot.length, made.client.length, ada.drive.why]).toEqual([1, 1, undefined]);
  },
);
