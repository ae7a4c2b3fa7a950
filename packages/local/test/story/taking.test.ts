import { revoke as revokeKey } from "@tether/core/credential";
import { revoke as revokeGrant } from "@tether/core/grant";
import { remove } from "@tether/core/robot";
import { listLive } from "@tether/core/session";
import { type Claims, forClient, forRobot, redeem, unseal } from "@tether/core/ticket";
import { revoke as revokeUser } from "@tether/core/user";
import { RobotId } from "@tether/protocol/id";
import { expect, test } from "vitest";
import { createOrders } from "../world/orders.ts";
import { createKeyHolder, createWorld, type KeyHolder, type World } from "../world/world.ts";

const hour = 3_600_000;

/** A robot of its own, with an owner and an operator of its own, straight in the table. */
async function prepare({ system, clock }: World) {
  const { store, ids } = system.env;
  const at = clock.now();
  const id = RobotId.parse(ids.next("RobotId"));
  const robot = createKeyHolder(id, system.origin, clock);
  const { kid, publicKey } = robot;
  const { entities } = store;
  const of = (name: string) => ({
    sub: `${name}-${id}`,
    groups: ["admins"].slice(name === "admin" ? 0 : 1),
    issuedAt: at,
    expiresAt: at + 4 * hour,
  });
  const [owner, operator, admin] = [of("owner"), of("operator"), of("admin")];
  await Promise.all([
    entities.robot.put({ robotId: id, name: "Rover", createdAt: at, createdBy: "test" }).go(),
    entities.credential.put({ robotId: id, kid, publicKey, state: "active", registeredAt: at, registeredBy: "test", provedAt: at }).go(),
    ...(
      [
        [owner, "owner"],
        [operator, "operator"],
      ] as const
    ).map(([{ sub }, role]) => entities.grant.put({ robotId: id, to: `sub:${sub}`, role, givenAt: at, givenBy: "test" }).go()),
  ]);
  return { robot, owner, operator, admin };
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

const ofRobot = async ({ system }: World, { robot }: Prepared) => {
  const asserted = {
    robotId: robot.id,
    kid: robot.kid,
    jti: String(system.env.ids.next("TicketId")),
    expiresAt: system.env.clock.now() + 60_000,
  };
  return forRobot(system.env, asserted as never, () => undefined, { use: "connect" });
};
const ofOperator = ({ system }: World, { robot, operator }: Prepared) => forClient(system.env, operator, { robot: robot.id });

const takings = {
  "a grant": {
    issue: ofOperator,
    take: ({ system }: World, { robot, owner, operator }: Prepared) => revokeGrant(system.env, owner, robot.id, `sub:${operator.sub}`),
  },
  "a user's sign-ins": {
    issue: ofOperator,
    take: ({ system }: World, { operator, admin }: Prepared) =>
      revokeUser({ ...system.env, signIns: { end: async () => "kept" } }, admin, operator.sub),
  },
  "a robot, from its operator": {
    issue: ofOperator,
    take: ({ system }: World, { robot, owner }: Prepared) => remove(system.env, owner, robot.id),
  },
  "a robot, from itself": {
    issue: ofRobot,
    take: ({ system }: World, { robot, owner }: Prepared) => remove(system.env, owner, robot.id),
  },
  "a robot's key": {
    issue: ofRobot,
    take: ({ system }: World, { robot, owner }: Prepared) =>
      revokeKey(system.env, owner, robot.id, robot.kid, { force: true, successors: false }),
  },
};

async function claimsOf(world: World, prepared: Prepared, issue: (typeof takings)["a grant"]["issue"] | typeof ofRobot): Promise<Claims> {
  const issued = await issue(world, prepared);
  if ("problem" in issued) throw new Error(issued.problem);
  const claims = unseal(world.system.env, issued.ticket, "connect");
  if ("problem" in claims) throw new Error(claims.problem);
  return claims;
}

const live = async ({ system }: World, { id }: KeyHolder) =>
  (await listLive(system, id, "consistent")).filter(({ pending, state }) => pending || state !== "opening");

/** `ORDERS=all` races the ticket of a session's second connection too: three times as many orders, some minutes of them. */
const tickets = process.env.ORDERS === "all" ? [1, 2] : [1];

for (const [what, { issue, take }] of Object.entries(takings))
  for (const nth of tickets)
    test(`${what} is taken while ticket ${nth} of a session is redeemed: in every order of their requests nothing lives on it afterwards [T6]`, async () => {
      const orders = createOrders();
      const world = await createWorld({ turns: orders });
      const { env } = world.system;
      const outcomes: Record<string, number> = {};
      const races = await orders.each(async (run) => {
        const prepared = await prepare(world);
        let claims = await claimsOf(world, prepared, issue);
        if (nth === 2) {
          await redeem(env, claims, `first-${prepared.robot.id}`);
          claims = { ...claims, epoch: 2 };
        }
        // An index shows by now what was there before.
        await world.clock.advance(1_000);
        const [redeemed, taken] = await Promise.all([
          run("redeem", () => redeem(env, claims, `conn-${prepared.robot.id}`)),
          run("take", () => take(world, prepared)),
        ]);
        expect((taken as { problem?: string } | undefined)?.problem).toBeUndefined();
        expect(await live(world, prepared.robot)).toEqual([]);
        const outcome = "problem" in (redeemed as object) ? (redeemed as { problem: string }).problem : "let in, and ended";
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      });
      process.stdout.write(`${what}, ticket ${nth}: ${races} orders, ${JSON.stringify(outcomes)}\n`);
      expect(races).toBeGreaterThan(10);
      // Both kinds of order were there: taken before, and taken after.
      expect(Object.keys(outcomes).length).toBeGreaterThan(1);
    });
