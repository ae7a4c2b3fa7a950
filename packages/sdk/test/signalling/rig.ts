import type { Ack, Signal } from "@tether/protocol/frame/signal";
import { InstanceId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import type { Away, DropReason } from "../../src/signalling/interface.ts";
import { createSignalling } from "../../src/signalling/signalling.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { app, ids, robotId } from "./network.ts";

export const instance = (n: number) => InstanceId.parse(`instance-${n}`);
export const robot = (part: Partial<Peer> = {}): Peer => ({
  session: ids.robot,
  kind: "robot",
  state: "online",
  epoch: 3,
  instance: instance(1),
  ...part,
});

/** A client's end whose robot is driven by hand, with all that its owner is told. */
export function start(peers: Peer[] = [robot()]) {
  const clock = createVirtualClock();
  const out: (Signal | Ack)[] = [];
  const handed: unknown[] = [];
  const dropped: { data: unknown[]; why: DropReason }[] = [];
  const news: string[] = [];
  const aways: Away[] = [];
  const signalling = createSignalling({
    clock,
    transmit: (frame) => out.push(frame),
    signal: (_, data) => handed.push(data.kind === "app" ? data.body : data.kind),
    online: (_, restarted) => news.push(restarted ? "restarted" : "online"),
    away(word) {
      news.push("away");
      aways.push(word);
    },
    ended: () => news.push("ended"),
    undelivered: ({ reason }) => news.push(`undelivered ${reason}`),
    unacknowledged: () => news.push("unacknowledged"),
    dropped: (_, data, why) => dropped.push({ data: data.map((one) => (one.kind === "app" ? one.body : one.kind)), why }),
  });
  const welcome = (epoch: number, broken: boolean, present = peers, id = ids.client) =>
    signalling.welcome(
      {
        type: "welcome",
        session: { id, epoch, resumed: true },
        robot: robotId,
        serverTime: 0,
        deadlines: { authExpiresAt: 1, connectionEndsAt: 1 },
        peers: present,
        iceServers: [],
      },
      broken,
    );
  welcome(2, true);
  const send = (body: unknown) => signalling.send(ids.robot, app(body));
  const hear = (seq: number, stream = 5): void =>
    signalling.hear({ type: "signal", from: ids.robot, stream, seq, data: app(`${stream}.${seq}`) });
  const refuse = (seq: number, reason: "away" | "busy" | "ended"): void =>
    signalling.hear({ type: "undelivered", to: ids.robot, stream: 5, seq, reason });
  const ack = (seq: number, stream = 5): void => signalling.hear({ type: "ack", from: ids.robot, received: { stream, seq } });
  const online = (peer: Peer, seq?: number): void =>
    signalling.hear({ type: "peer.online", peer, ...(seq !== undefined && { received: { stream: 5, seq } }) });
  const gone = { session: ids.robot, epoch: 3, cause: "robot.left", actor: { type: "robot" }, inferred: false } as const;
  const seqs = () => out.splice(0).map((frame) => (frame.type === "ack" ? `ack ${frame.received.seq}` : frame.seq));
  return { clock, signalling, welcome, send, hear, refuse, ack, online, gone, out, seqs, handed, dropped, news, aways };
}
