import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { behind } from "../../../local/test/world/behind.ts";
import { operator, viewer } from "../../../local/test/world/world.ts";

const { clientsPerUser } = limits.session;

describe("for what began this moment", () => {
  test("a user's next ticket goes on with it [T7]", async () => {
    const { world, robot } = await behind();
    const client = await world.join(robot, operator);
    expect((await world.ticketFor.client(robot, operator, { session: client.session })).status).toBe(201);
  });

  test("places are counted: of tickets that a user bought before connecting the last finds none [T10]", async () => {
    const { world, robot } = await behind();
    const tickets: string[] = [];
    for (let n = 0; n <= clientsPerUser; n++) tickets.push((await world.ticketFor.client(robot, viewer)).body.ticket);
    const statuses: (number | undefined)[] = [];
    for (const ticket of tickets) statuses.push((await world.connect(ticket)).status);
    expect(statuses).toEqual([...Array(clientsPerUser).fill(101), 409]);
  });

  test("a renewal with fewer rights takes control [D6]", async () => {
    const { world, robot } = await behind();
    const client = await world.join(robot, operator);
    await world.say(client, { type: "control.request" });
    await world.system.store.entities.grant
      .patch({ robotId: robot.id, to: `email:${operator}` })
      .set({ role: "viewer" })
      .go();
    world.system.faults.set([]);
    const { body } = await world.ticketFor.client(robot, operator, { session: client.session, use: "renew" });
    world.system.faults.set([{ name: "store.stale", windowMs: 60_000, rate: 1 }]);
    await world.say(client, { type: "auth.renew", ticket: body.ticket });
    expect(client.last("control.changed")).toMatchObject({ because: "revoked" });
  });
});
