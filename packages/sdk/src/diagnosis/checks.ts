import { Health, Me, RobotPage, TicketAnswer } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { attach } from "../client/index.ts";
import type { Platform } from "../platform.ts";
import { type Reason, reason } from "../reason.ts";
import type { TokenCallback } from "../ticket/client.ts";
import { bad, type Finding, good, type Life, lifeOf, skewOf, skipped } from "./finding.ts";
import { loop, type PeerConnection, stun, turn } from "./peer.ts";

type Schema<Value> = { safeParse(value: unknown): { success: boolean; data?: Value | undefined } };
type Answer<Value> = { readonly value: Value } | { readonly failure: Pick<Reason, "says" | "remedy"> };

/** The means of a diagnosis. */
export type DiagnosisEnv = {
  readonly platform: Pick<Platform, "clock" | "random" | "fetch" | "socket">;
  /** The API's origin. */
  readonly api: string;
  /** Asks the API as the user who is signed in; `path` is what follows `/v1`. Failures are in the words of where this runs. */
  readonly ask: <Value>(schema: Schema<Value>, method: "GET" | "POST", path: string, body?: object) => Promise<Answer<Value>>;
  readonly token: TokenCallback;
  /** The token's, where there is one. */
  readonly life: () => Promise<Life | undefined>;
  /** The token's expected life, where that is known here. */
  readonly tokenMinutes: number | undefined;
  readonly PeerConnection: PeerConnection | undefined;
  /** The robot that is asked about; without it the first of the user's. */
  readonly robot?: RobotId;
};

/** Results of earlier checks that later ones need. */
export type Found = { health?: Parameters<typeof skewOf>[0]; robot?: { id: RobotId; name: string }; ticket?: TicketAnswer };

/** A check looks at one thing. */
export type Check = { readonly id: string; readonly title: string; run(env: DiagnosisEnv, found: Found): Promise<Finding> };

/** From the API to WebRTC, in this order: each one relies on those before it. The same in a browser and in a terminal. */
export const checks: readonly Check[] = [
  {
    id: "api",
    title: "API",
    async run({ platform: { clock, fetch }, api }, found) {
      const sentAt = clock.now();
      const health = await fetch(`${api}/v1/health`, { cache: "no-store" }).then(
        async (response) => Health.safeParse(await response.json().catch(() => undefined)),
        () => undefined,
      );
      const remedy = "Look at the network, and whether the service runs.";
      if (!health) return bad({ ...reason("network.failed"), remedy });
      if (!health.success) return bad(reason("answer.invalid"));
      found.health = { serverTime: health.data.serverTime, sentAt, heardAt: clock.now() };
      return good("The service answers.");
    },
  },
  {
    id: "clock",
    title: "Clock",
    run: async (_, { health }) => (health ? skewOf(health) : skipped("The service told no time.")),
  },
  {
    id: "token",
    title: "Token's life",
    run: async ({ life, tokenMinutes }) => lifeOf(await life(), tokenMinutes),
  },
  {
    id: "user",
    title: "Sign-in",
    async run({ ask }) {
      const me = await ask(Me, "GET", "/users/me");
      return "failure" in me ? bad(me.failure) : good("The service takes your token.");
    },
  },
  {
    id: "ticket",
    title: "Ticket",
    async run({ ask, robot: wanted }, found) {
      const robots = await ask(RobotPage, "GET", "/robots");
      if ("failure" in robots) return bad(robots.failure);
      const robot = robots.value.items.find(({ id }) => wanted === undefined || id === wanted);
      if (!robot && wanted === undefined) return skipped("You have no robot to ask one for.");
      found.robot = robot ?? { id: wanted as RobotId, name: String(wanted) };
      const ticket = await ask(TicketAnswer, "POST", "/tickets/client", { robot: found.robot.id });
      if ("failure" in ticket) return bad(ticket.failure);
      found.ticket = ticket.value;
      return good(`One was given for ${found.robot.name}.`);
    },
  },
  {
    id: "socket",
    title: "Socket",
    run: async (env, { robot, ticket }) => (robot && ticket ? visit(env, robot) : skipped("It takes a ticket to connect.")),
  },
  {
    id: "stun",
    title: "STUN",
    run: async (env, { ticket }) => (ticket ? stun(peers(env), ticket.iceServers) : skipped("It takes a ticket to know the servers.")),
  },
  {
    id: "turn",
    title: "TURN relay",
    run: async (env, { ticket }) => (ticket ? turn(peers(env), ticket.iceServers) : skipped("It takes a ticket to know the servers.")),
  },
  { id: "loop", title: "WebRTC", run: (env) => loop(peers(env)) },
];

const peers = ({ platform: { clock }, PeerConnection }: DiagnosisEnv) => ({ clock, PeerConnection });

const waitMs = 15_000;

/** Attaches to the robot as anyone does, and leaves again. */
async function visit({ platform, api, token }: DiagnosisEnv, robot: { id: RobotId; name: string }): Promise<Finding> {
  const session = attach({ api, robot: robot.id, token, platform });
  let cancel = () => {};
  const finding = await new Promise<Finding>((resolve) => {
    session.on("state", ({ status, why }) => {
      if (status === "online") resolve(good(`You were on ${robot.name} for a moment; its timeline says so.`));
      if ((status === "stopped" || status === "waiting") && why) resolve(bad(why));
    });
    const remedy = "Let WebSocket connections out to the broker; some proxies cut them.";
    cancel = platform.clock.after(waitMs, () => resolve(bad({ says: "The socket did not open in time.", remedy })));
  });
  cancel();
  await session.leave("diagnostics");
  return finding;
}
