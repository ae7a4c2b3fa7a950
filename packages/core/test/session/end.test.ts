import { expect, test } from "vitest";
import { meanwhile } from "../../../local/test/world/meanwhile.ts";
import { RawEnd } from "../../../local/test/world/raw-end.ts";
import { createWorld, owner } from "../../../local/test/world/world.ts";

test("a session that is ended while its next connection comes has that one closed as well", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const first = await world.join(robot);
  const { body } = await world.ticketFor.robot(robot);
  const second = Promise.withResolvers<RawEnd>();
  meanwhile(world, async () => {
    const end = new RawEnd(world.quiet, world.system.brokerUrl, body.ticket);
    end.socket.onopen = () => second.resolve(end);
    await second.promise;
  });
  const path = `/v1/robots/${robot.id}/sessions/${first.session}/end`;
  const { status } = await world.call("POST", path, { as: owner, body: {} });
  await world.idle();
  expect([status, first.last("bye")?.cause, (await second.promise).last("bye")?.cause]).toEqual([204, "admin.ended", "admin.ended"]);
});
