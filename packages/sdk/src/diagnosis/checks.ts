import type { Robot, TicketAnswer } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { listCredentials } from "@tether/protocol/route/credential";
import { getRobot, listRobots } from "@tether/protocol/route/robot";
import type { AnswerOf, Route } from "@tether/protocol/route/route";
import { getHealth } from "@tether/protocol/route/service";
import { createClientTicket } from "@tether/protocol/route/ticket";
import { getMe } from "@tether/protocol/route/user";
import { type Asked, ask } from "../api/ask.ts";
import type { Platform } from "../platform.ts";
import type { Reason } from "../reason.ts";
import type { TokenCallback } from "../ticket/client.ts";
import { bad, type Finding, good, type Life, lifeOf, skewOf, skipped } from "./finding.ts";
import { type Meeting, meet } from "./meeting.ts";
import { loop, type PeerConnection, stun, turn } from "./peer.ts";
import { keyOf, presenceOf } from "./robot.ts";

type Answer<Value> = { readonly value: Value } | { readonly failure: Pick<Reason, "code" | "says" | "remedy"> };

/** The means of a diagnosis. */
export type DiagnosisEnv = {
  readonly platform: Pick<Platform, "clock" | "random" | "fetch" | "socket">;
  /** The API's origin. */
  readonly api: string;
  /** Asks the API as the user who is signed in. Failures are in the words of where this runs. */
  readonly call: <Of extends Route>(route: Of, asked: Asked<Of>) => Promise<Answer<AnswerOf<Of>>>;
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
export type Found = {
  health?: Parameters<typeof skewOf>[0];
  robot?: Robot | undefined;
  ticket?: TicketAnswer;
  /** The session with the robot, once it is online. */
  meeting?: Meeting;
  /** Ends that session. */
  leave?: () => Promise<void>;
};

const noRobot = skipped("There is no robot to look at.");
const noSocket = skipped("It takes a connection to meet the robot.");

/** A check looks at one thing. */
export type Check = { readonly id: string; readonly title: string; run(env: DiagnosisEnv, found: Found): Promise<Finding> };

/** From the API to a picture of the robot, in this order: each one relies on those before it. The same in a browser and in a terminal. */
export const checks: readonly Check[] = [
  {
    id: "api",
    title: "API",
    async run({ platform: { clock, fetch }, api }, found) {
      const sentAt = clock.now();
      const health = await ask({ fetch, api }, getHealth, {});
      if ("failure" in health) {
        const { failure } = health;
        const remedy = "Look at the network, and whether the service runs.";
        return bad(failure.code === "network.failed" ? { ...failure, remedy } : failure);
      }
      found.health = { serverTime: health.value.serverTime, sentAt, heardAt: clock.now() };
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
    async run({ call }) {
      const me = await call(getMe, {});
      return "failure" in me ? bad(me.failure) : good("The service takes your token.");
    },
  },
  {
    id: "presence",
    title: "Robot",
    async run({ call, robot: wanted }, found) {
      if (wanted === undefined) {
        const robots = await call(listRobots, {});
        if ("failure" in robots) return bad(robots.failure);
        found.robot = robots.value.items[0];
        if (!found.robot) return skipped("You have no robot to look at.");
      } else {
        const robot = await call(getRobot, { params: { robot: wanted } });
        if ("failure" in robot) return bad(robot.failure);
        found.robot = robot.value;
      }
      return presenceOf(found.robot);
    },
  },
  {
    id: "key",
    title: "Robot's key",
    async run({ call }, { robot, health }) {
      if (!robot || !health) return noRobot;
      if (robot.role !== "owner") return skipped("Only the robot's owners may see its keys.");
      const keys = await call(listCredentials, { params: { robot: robot.id } });
      return "failure" in keys ? bad(keys.failure) : keyOf(keys.value.items, health.serverTime);
    },
  },
  {
    id: "ticket",
    title: "Ticket",
    async run({ call }, found) {
      if (!found.robot) return noRobot;
      const ticket = await call(createClientTicket, { body: { robot: found.robot.id } });
      if ("failure" in ticket) return bad(ticket.failure);
      found.ticket = ticket.value;
      return good(`One was given for ${found.robot.name}.`);
    },
  },
  {
    id: "socket",
    title: "Socket",
    async run(env, found) {
      if (!found.robot || !found.ticket) return skipped("It takes a ticket to connect.");
      const meeting = meet(env, found.robot);
      found.leave = meeting.leave;
      const finding = await meeting.online();
      if (finding.result === "good") found.meeting = meeting;
      return finding;
    },
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
  {
    id: "robot-clock",
    title: "Robot's clock",
    async run(_, { meeting, health }) {
      if (!meeting || !health) return noSocket;
      return meeting.clock((health.sentAt + health.heardAt) / 2 - health.serverTime);
    },
  },
  { id: "answer", title: "Robot's answer", run: async (_, { meeting }) => meeting?.answered() ?? noSocket },
  { id: "path", title: "Path", run: async (_, { meeting }) => meeting?.path() ?? noSocket },
  { id: "picture", title: "Picture", run: async (_, { meeting }) => meeting?.pictured() ?? noSocket },
];

const peers = ({ platform: { clock }, PeerConnection }: DiagnosisEnv) => ({ clock, PeerConnection });
