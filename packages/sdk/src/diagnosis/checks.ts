import { Health, Me, RobotPage, TicketAnswer } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { attach } from "@tether/sdk/client";
import { type Failure, unreachable } from "../api/failure.ts";
import type { World } from "../world.ts";
import { bad, type Finding, good, lifeOf, skewOf, skipped } from "./check.ts";
import { gather, loop } from "./peer.ts";

/** What later checks need of those before. */
type Found = { health?: Parameters<typeof skewOf>[0]; robot?: { id: RobotId; name: string }; ticket?: TicketAnswer };

type Check = { readonly id: string; readonly title: string; run(world: World, found: Found): Promise<Finding> };

const failed = (failure: Failure) => bad(failure);

/** In this order: each one relies on those before it. */
export const checks: readonly Check[] = [
  {
    id: "api",
    title: "API",
    async run({ platform: { clock, fetch }, config }, found) {
      const sentAt = clock.now();
      const health = await fetch(`${config.api}/v1/health`, { cache: "no-store" }).then(
        async (response) => Health.safeParse(await response.json().catch(() => undefined)),
        () => undefined,
      );
      if (!health?.success) return failed({ ...unreachable, remedy: "Look at the network, and whether the service runs." });
      found.health = { serverTime: health.data.serverTime, sentAt, heardAt: clock.now() };
      return good("The service answers.");
    },
  },
  {
    id: "clock",
    title: "Clock",
    async run(_, { health }) {
      return health ? skewOf(health) : skipped("The service told no time.");
    },
  },
  {
    id: "token",
    title: "Token's life",
    async run({ identity, config }) {
      return lifeOf(identity.life(), config.identity.tokenMinutes);
    },
  },
  {
    id: "user",
    title: "Sign-in",
    async run({ api }) {
      const me = await api.get(Me, "/users/me");
      return "failure" in me ? failed(me.failure) : good("The service takes your token.");
    },
  },
  {
    id: "ticket",
    title: "Ticket",
    async run({ api }, found) {
      const robots = await api.get(RobotPage, "/robots");
      if ("failure" in robots) return failed(robots.failure);
      const [robot] = robots.value.items;
      if (!robot) return skipped("You have no robot to ask one for.");
      found.robot = robot;
      const ticket = await api.send(TicketAnswer, "POST", "/tickets/client", { body: { robot: robot.id } });
      if ("failure" in ticket) return failed(ticket.failure);
      found.ticket = ticket.value;
      return good(`One was given for ${robot.name}.`);
    },
  },
  {
    id: "socket",
    title: "Socket",
    async run(world, { robot }) {
      return robot ? visit(world, robot) : skipped("It takes a robot to connect to.");
    },
  },
  {
    id: "stun",
    title: "STUN",
    run: async ({ platform: { clock } }, { ticket }) =>
      ticket ? gather(clock, ticket.iceServers, "srflx") : skipped("It takes a ticket to know the servers."),
  },
  {
    id: "turn",
    title: "TURN relay",
    run: async ({ platform: { clock } }, { ticket }) =>
      ticket ? gather(clock, ticket.iceServers, "relay") : skipped("It takes a ticket to know the servers."),
  },
  { id: "loop", title: "WebRTC", run: ({ platform: { clock } }) => loop(clock) },
];

const waitMs = 15_000;

/** Attaches to the robot as anyone does, and leaves again. */
async function visit({ platform, config, identity }: World, robot: { id: RobotId; name: string }): Promise<Finding> {
  const session = attach({
    api: config.api,
    robot: robot.id,
    token: async ({ fresh }) => {
      const token = await identity.token(fresh);
      if (token === undefined) throw new Error("signed out");
      return token;
    },
    platform,
  });
  const finding = await new Promise<Finding>((resolve) => {
    session.on("state", ({ status, why }) => {
      if (status === "online") resolve(good(`You were on ${robot.name} for a moment; its timeline says so.`));
      if ((status === "stopped" || status === "waiting") && why) resolve(bad(why));
    });
    const remedy = "Let WebSocket connections out to the broker; some proxies cut them.";
    platform.clock.after(waitMs, () => resolve(bad({ says: "The socket did not open in time.", remedy })));
  });
  await session.leave("diagnostics");
  return finding;
}
