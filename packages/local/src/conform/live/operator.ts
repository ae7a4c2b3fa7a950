import type { Declaration } from "@tether/protocol/declaration";
import type { FromBroker } from "@tether/protocol/frame";
import { ClientSessionId, type SessionId } from "@tether/protocol/id";
import { platformWith } from "@tether/sdk/platform";
import { openSession } from "@tether/sdk/session/open";
import { clientTickets } from "@tether/sdk/ticket/client";
import type { Clock } from "../../clock/clock.ts";
import { createOperatorPeer, type FromRobotMessage } from "../operator-peer.ts";
import { createWatch, Failure } from "../watch.ts";
import type { Presses } from "./presses.ts";

/** The robot that is judged where it runs, and the token of the user as whom the run's operators attach. */
export type Where = { readonly api: string; readonly robot: string; readonly token: string };

type Env = {
  readonly clock: Clock;
  readonly where: Where;
  readonly presses: Presses;
  readonly hears: (message: FromRobotMessage) => void;
};

const patienceMs = 20_000;

/** An operator at a robot that is running, through the broker that it runs at: a session of the user's, and a peer connection. */
export async function openOperator({ clock, where, presses, hears }: Env) {
  const world = platformWith();
  const { session, broker } = openSession<ClientSessionId>({
    platform: world,
    log: () => {},
    tickets: clientTickets({ fetch: world.fetch, api: where.api, robot: where.robot, token: async () => where.token }),
    idOf: (id) => ClientSessionId.safeParse(id).data,
    resume: undefined,
    save: () => {},
    features: [],
  });
  const frames = createWatch<FromBroker>(clock);
  broker.on("frame", frames.put);
  const opened = createWatch<string>(clock);
  session.on("state", ({ status, why }) => {
    if (status === "online") opened.put("");
    else if (status === "stopped" || status === "waiting") opened.put(why ? `${why.says} ${why.remedy}` : status);
  });
  const said = await opened.until("the broker's welcome", () => true, { ms: patienceMs }).catch((error: Error) => error.message);
  const leave = () => session.leave("A conformance run is over.");
  const robotSession = (): SessionId | undefined =>
    session.peers.find(({ kind, state }) => kind === "robot" && state === "online")?.session;
  const { id } = session;
  const to = robotSession();
  if (said !== "" || !id || !to) {
    await leave();
    throw new Failure(said === "" ? "The robot is not online." : said);
  }
  const peer = createOperatorPeer({
    clock,
    session: id,
    iceServers: session.iceServers.map((server) => ({ ...server })),
    answer: (data) => void session.send(to, data),
    body: () => stillOf(declared()),
    fields: () => pictured(),
    hears,
    says: (way, message) => {
      if (typeof message !== "string" && "type" in message && message.type === "stop") presses.pressed(id, way, keyOf(message));
    },
  });
  let queue = Promise.resolve();
  session.on("signal", ({ from, data }) => {
    if (from === to) queue = queue.then(() => peer.negotiate(data)).catch(() => {});
  });

  function declared(): Declaration | undefined {
    const declared = peer.received.all.find(({ message }) => message.type === "declaration")?.message;
    return declared?.type === "declaration" ? declared.declaration : undefined;
  }

  /** Looks at the newest picture, so that the robot is not driven blind. R22 */
  function pictured(): object {
    const newest = peer.received.all.findLast(({ message }) => message.type === "picture")?.message;
    return newest?.type === "picture" ? { pictureAt: newest.takenAt } : {};
  }

  return {
    ...peer,
    broker,
    frames,
    permit: () => permitIn(frames.all),
    /** Makes the channels with the robot. */
    async connect(): Promise<void> {
      const refused = session.send(to, { kind: "offer", sdp: await peer.gathered() });
      if (refused) throw new Failure(`the offer was refused: ${refused.problem}`);
      await peer.opened();
    },
    stopByFrame(message: { readonly key: string }): void {
      presses.pressed(id, "frame", message.key);
      broker.send({ type: "stop", ...message });
    },
    /** Leaves later, so that the end of its channels is what the robot sees first. */
    close(): void {
      peer.close();
      clock.after(2_000, () => void leave());
    },
    async leave(): Promise<void> {
      peer.close();
      await leave();
    },
  };
}

export type LiveOperator = Awaited<ReturnType<typeof openOperator>>;

/** A command by which nothing moves: every speed is 0, and a place to go to is not named. R35, R36 */
export function stillOf(declaration: Declaration | undefined): object {
  if (!declaration) return { linear: 0, angular: 0 };
  return Object.fromEntries(declaration.axes.flatMap(({ name, by }) => (by === "position" ? [] : [[name, 0]])));
}

function permitIn(frames: readonly FromBroker[]): string {
  const granted = frames.findLast(({ type }) => type === "control.granted");
  return granted?.type === "control.granted" ? granted.permit : "";
}

/** A key that is no key counts for none. R16, R17 */
function keyOf(message: object): string | undefined {
  const key = "key" in message ? message.key : undefined;
  return typeof key === "string" && key.length >= 16 && key.length <= 64 ? key : undefined;
}
