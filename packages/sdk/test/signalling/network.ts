import type { FromBroker } from "@tether/protocol/frame";
import type { Ack, Signal, SignalData } from "@tether/protocol/frame/signal";
import type { Welcome } from "@tether/protocol/frame/welcome";
import { ClientSessionId, InstanceId, RobotId, RobotSessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Peer } from "@tether/protocol/peer";
import type { Signalling } from "../../src/signalling/interface.ts";
import { createSignalling } from "../../src/signalling/signalling.ts";
import { createVirtualClock } from "../virtual-clock.ts";

export type Name = "client" | "robot";
const other = (name: Name): Name => (name === "client" ? "robot" : "client");

const ulid = "01J00000000000000000000000";
export const ids = { client: ClientSessionId.parse(`cse_${ulid}`), robot: RobotSessionId.parse(`rse_${ulid}`) };
export const robotId = RobotId.parse(`rob_${ulid}`);

type End = {
  signalling: Signalling;
  epoch: number;
  instance: number;
  away: boolean;
  /** The signals that each instance was handed. */
  readonly handed: number[][];
  readonly dropped: number[];
};

export const app = (body: unknown): SignalData => ({ kind: "app", body });
const bodyOf = (data: SignalData): number => (data.kind === "app" ? Number(data.body) : Number.NaN);

/** A client, a robot, and a broker between them that reorders, doubles, delays and refuses. */
export function createNetwork() {
  const clock = createVirtualClock();
  const flying: { to: Name; frame: FromBroker; relayed?: { from: Name; frame: Signal } }[] = [];
  const sent: Record<Name, number[]> = { client: [], robot: [] };
  const transmitted: Record<Name, (Signal | Ack)[]> = { client: [], robot: [] };
  const ends: Record<Name, End> = { client: createEnd("client"), robot: createEnd("robot") };

  function createEnd(name: Name): End {
    return { signalling: boot(name), epoch: 1, instance: 0, away: false, handed: [[]], dropped: [] };
  }

  function boot(name: Name): Signalling {
    const signalling = createSignalling({
      clock,
      transmit: (frame) => relay(name, frame),
      signal: (_, data) => ends[name].handed.at(-1)?.push(bodyOf(data)),
      online: () => {},
      away: () => {},
      ended: () => {},
      undelivered: () => {},
      // The connection says hello once more, and is told how everyone stands.
      unacknowledged: () =>
        void clock.after(10, () => {
          if (ends[name].signalling === signalling && !ends[name].away) signalling.welcome(welcomeOf(name), false);
        }),
      dropped: (_, data) => ends[name].dropped.push(...data.map(bodyOf)),
    });
    return signalling;
  }

  function relay(from: Name, frame: Signal | Ack): void {
    transmitted[from].push(frame);
    const to = other(from);
    if (ends[from].away) return;
    if (frame.type === "ack") {
      flying.push({ to, frame: { type: "ack", from: ids[from], received: frame.received } });
      return;
    }
    const { stream, seq, received, data } = frame;
    const relayed: FromBroker = { type: "signal", from: ids[from], stream, seq, ...(received && { received }), data };
    if (ends[to].away) refuse(from, frame, "away");
    else flying.push({ to, frame: relayed, relayed: { from, frame } });
  }

  function refuse(from: Name, { stream, seq }: Signal, reason: "away" | "busy"): void {
    flying.push({ to: from, frame: { type: "undelivered", to: ids[other(from)], stream, seq, reason } });
  }

  const backBy = () => clock.now() + limits.session.clientGraceMs;

  function peerOf(name: Name): Peer {
    const { epoch, instance, away } = ends[name];
    return {
      session: ids[name],
      kind: name,
      ...(away ? { state: "away", backBy: backBy() } : { state: "online" }),
      epoch,
      instance: InstanceId.parse(`instance-${instance}`),
    };
  }

  function welcomeOf(name: Name): Welcome {
    const at = clock.now();
    return {
      type: "welcome",
      session: { id: ids[name], epoch: ends[name].epoch, resumed: true },
      robot: robotId,
      serverTime: at,
      deadlines: { authExpiresAt: at + 1, connectionEndsAt: at + 1 },
      peers: [peerOf(other(name))],
      iceServers: [],
    };
  }

  function hello(name: Name, broken: boolean): void {
    const end = ends[name];
    end.epoch += 1;
    end.away = false;
    const received = end.signalling.hello()[ids[other(name)]];
    flying.push({ to: other(name), frame: { type: "peer.online", peer: peerOf(name), ...(received && { received }) } });
    end.signalling.welcome(welcomeOf(name), broken);
  }

  /** A connection broke: what was on its way to and from that end may be lost. */
  function lose(name: Name, keep: (index: number) => boolean): void {
    const left = flying.filter(({ to, relayed }, index) => (to === name ? false : relayed?.from !== name || keep(index)));
    flying.splice(0, flying.length, ...left);
  }

  function deliver(index: number): void {
    const [one] = flying.splice(index % flying.length, 1);
    if (one && !ends[one.to].away) ends[one.to].signalling.hear(one.frame);
  }

  const net = {
    clock,
    ends,
    sent,
    transmitted,
    flying,
    send(name: Name): void {
      const body = sent.client.length + sent.robot.length + 1;
      if (ends[name].signalling.send(ids[other(name)], app(body)) === undefined) sent[name].push(body);
    },
    deliver(index: number): void {
      if (flying.length > 0) deliver(index);
    },
    double(index: number): void {
      const one = flying[index % Math.max(1, flying.length)];
      if (one) flying.push(one);
    },
    /** A frame of any type is gone, and nobody says so. */
    drop(index: number): void {
      if (flying.length > 0) flying.splice(index % flying.length, 1);
    },
    /** The broker could not post it just now, and says so. */
    refuse(index: number): void {
      const one = flying[index % Math.max(1, flying.length)];
      if (!one?.relayed) return;
      flying.splice(flying.indexOf(one), 1);
      refuse(one.relayed.from, one.relayed.frame, "busy");
    },
    /** The gateway could not run the broker for it, and says no more than that. */
    fail(index: number): void {
      const one = flying[index % Math.max(1, flying.length)];
      if (!one?.relayed) return;
      flying.splice(flying.indexOf(one), 1);
      ends[one.relayed.from].signalling.failed();
    },
    goAway(name: Name, keep: (index: number) => boolean): void {
      if (ends[name].away) return;
      lose(name, keep);
      ends[name].away = true;
      const { epoch } = ends[name];
      const actor = { type: "gateway" } as const;
      const word = { session: ids[name], epoch, cause: "connection.lost", actor, inferred: true, backBy: backBy() } as const;
      flying.push({ to: other(name), frame: { type: "peer.away", ...word } });
    },
    reconnect(name: Name, keep: (index: number) => boolean): void {
      lose(name, keep);
      hello(name, true);
    },
    handOver(name: Name): void {
      if (!ends[name].away) hello(name, false);
    },
    startAfresh(name: Name, keep: (index: number) => boolean): void {
      lose(name, keep);
      const end = ends[name];
      end.signalling.end();
      end.signalling = boot(name);
      end.instance += 1;
      end.handed.push([]);
      hello(name, true);
    },
    /** Lets everything arrive. */
    quiesce(): void {
      for (const name of ["client", "robot"] as const) if (ends[name].away) net.reconnect(name, () => false);
      for (let round = 0; round < 240; round += 1) {
        while (flying.length > 0) deliver(0);
        clock.advanceNow(1_000);
      }
    },
  };
  ends.client.signalling.welcome(welcomeOf("client"), true);
  ends.robot.signalling.welcome(welcomeOf("robot"), true);
  return net;
}
