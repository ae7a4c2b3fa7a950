import { limits } from "@tether/protocol/limits";
import { judgeFeatures, tellingOfKeepalives } from "../../case/connects.ts";
import type { Case } from "../../case.ts";
import { check } from "../../watch.ts";
import { robotSession } from "../stand-in.ts";
import type { ClientTrial } from "../trial.ts";

const ticketPath = "/v1/tickets/client";

export const connects: readonly Case<ClientTrial>[] = [
  {
    clauses: ["T1", "H1"],
    says: "buys a ticket with its user's token, connects with it as a subprotocol, and says hello first",
    async run({ target, service, connected }) {
      target.start();
      await service.asked.until("a ticket", ({ path, refused }) => path === ticketPath && !refused, { ms: 30_000 });
      const connection = await connected(0);
      check(connection.use === "connect", `the ticket that it offered is ${connection.use ? `for ${connection.use}` : "none of its own"}`);
      const [first] = connection.heard.all;
      check(first?.frame?.type === "hello", `the first frame is not hello, or not a valid one: ${first?.wrong ?? first?.frame?.type}`);
      check(first.frame.protocol === 1, "protocol is not 1");
    },
  },
  {
    clauses: ["P15"],
    says: tellingOfKeepalives,
    async run({ live }) {
      judgeFeatures(live());
    },
  },
  {
    clauses: ["W1", "W2", "S13", "S5"],
    says: "makes both channels and the first offer, and sends it again where it was lost",
    async run({ standIn, joined }) {
      await joined(25_000);
      const [first] = standIn.signals.all;
      check(first?.seq === 1 && first.data.kind === "offer", "the first signal is not an offer, or not numbered 1");
      const again = standIn.signals.all.slice(1).find(({ seq }) => seq === 1);
      check(again !== undefined && again.stream === first.stream, "what nobody acknowledged did not come again");
      const { channels } = standIn.links.at(-1) ?? {};
      check(
        channels?.get("control")?.ordered === false && channels.get("control")?.maxRetransmits === 0,
        "tether.control is ordered, or sent again",
      );
      check(channels?.get("events")?.ordered === true, "tether.events is not ordered");
    },
  },
  {
    clauses: ["S3.1"],
    says: "numbers its stream by both ends' epochs",
    async run({ standIn, service }) {
      const stream = standIn.signals.all[0]?.stream;
      check(
        stream === standIn.state.epoch + service.state.epoch,
        `the stream is ${stream}, and the epochs are ${standIn.state.epoch} and ${service.state.epoch}`,
      );
    },
  },
  {
    clauses: ["W1.3"],
    says: "offers a receive-only place for what the robot told of, and none for what it did not",
    async run({ standIn }) {
      const offer = standIn.signals.all.flatMap(({ data }) => (data.kind === "offer" ? [data.sdp] : []))[0] ?? "";
      check(!/^m=audio/m.test(offer), "it offers a place for audio, of which it was not told");
      const video = offer.split(/^(?=m=)/m).filter((section) => section.startsWith("m=video"));
      if (video.length === 0) return { skip: "it offers no places, which is as good" };
      check(video.length === 1 && /^a=recvonly/m.test(video[0] ?? ""), "its place for video is not receive-only, or not one");
      return undefined;
    },
  },
  {
    clauses: ["F3", "F10"],
    says: "lives through frames that it does not know, that are none, and that the gateway makes",
    async run({ service, live, wait }) {
      const connection = live();
      const count = service.connections.all.length;
      for (const text of [
        '{"type":"nobody.knows","x":1}',
        "no json",
        "[]",
        '{"message":"Internal server error","connectionId":"a","requestId":"b"}',
      ])
        connection?.raw(text);
      await wait(500);
      check(connection?.isOver() === false && service.connections.all.length === count, "it gave its connection up");
    },
  },
  {
    clauses: ["S4", "S14"],
    says: "hands signals on in order and once, and acknowledges them, doubles too",
    async run({ standIn, live, reports, wait }) {
      const from = reports.all.length;
      const connection = live();
      const acked = connection?.heard.all.length ?? 0;
      const first = standIn.signal({ kind: "app", body: "one" });
      standIn.signal({ kind: "app", body: "three" }, { seq: first + 2, times: 2 });
      await wait(300);
      standIn.signal({ kind: "app", body: "two" }, { seq: first + 1, times: 2 });
      await reports.until("the report of the third signal", ({ signal }) => signal === "three", { from });
      const reported = reports.all.slice(from).flatMap(({ signal }) => (signal === undefined ? [] : [signal]));
      check(reported.join() === "one,two,three", `it reported ${reported.join(", ")}`);
      await connection?.heard.until(
        "an acknowledgement",
        ({ frame }) =>
          (frame?.type === "ack" || frame?.type === "signal") && frame.to === robotSession && frame.received?.seq === first + 2,
        { from: acked },
      );
    },
  },
  {
    clauses: ["E1", "E2", "T7", "W5"],
    says: "goes on with its session after its socket was cut, with a ticket of its own, and keeps its peer connection",
    async run({ service, standIn, reconnect, wait }) {
      const before = service.connections.all.map(({ ticket }) => ticket);
      const links = standIn.links.length;
      const connection = await reconnect();
      check(connection.use === "connect" && !before.includes(connection.ticket), "it came with a ticket that was used before");
      const asked = service.asked.all.findLast(({ path }) => path === ticketPath);
      check(asked?.body.session === service.sessionId(), "it did not ask to go on with its session");
      await wait(500);
      check(standIn.isOpen() && standIn.links.length === links, "it gave up its peer connection for an outage of the signalling");
    },
  },
  {
    clauses: ["L3", "L3.1", "L1"],
    says: "renews its lease on the same connection when it is warned",
    async run({ service, live }) {
      const connection = live();
      const from = connection?.heard.all.length ?? 0;
      connection?.say({ type: "auth.expiring", expiresAt: service.now() + 5_000 });
      await connection?.frame("auth.renew", { from });
      const asked = service.asked.all.findLast(({ path }) => path === ticketPath);
      check(asked?.body.use === "renew", "it renewed with a ticket that is not a renew ticket");
    },
  },
  {
    clauses: ["L3.3"],
    says: "keeps its connection where a renewal moved nothing, and does not try again and again",
    async run({ service, live, state, refuse, wait }) {
      const connection = live();
      const from = connection?.heard.all.length ?? 0;
      state.renews = false;
      let tries = 0;
      connection?.say({ type: "auth.expiring", expiresAt: service.now() + 5_000 });
      await connection?.frame("auth.renew", { from });
      for (let n = 0; n < 30; n += 1) {
        const renewals = connection?.heard.all.slice(from).flatMap(({ frame }) => (frame?.type === "auth.renew" ? [frame] : [])) ?? [];
        for (const { id } of renewals.slice(tries)) refuse(connection, "auth.unmoved", id);
        tries = renewals.length;
        await wait(100);
      }
      check(tries <= 2, `it tried ${tries} times within 3 s`);
      check(connection?.isOver() === false && connection === live(), "it gave its connection up");
      connection?.say({ type: "auth.renewed", expiresAt: service.now() + limits.auth.leaseMs });
    },
  },
  {
    clauses: ["S7", "S3", "W5.1"],
    says: "makes another peer connection, and begins a higher stream, where the robot is another run",
    async run({ standIn, live, joined }) {
      const before = standIn.signals.all.length;
      const old = standIn.state.stream;
      standIn.restart();
      live()?.say({ type: "peer.online", peer: standIn.peer() });
      await joined();
      const [first] = standIn.signals.all.slice(before).filter(({ stream }) => stream !== old);
      check(first !== undefined && first.stream > old && first.seq === 1, "its new stream is not a higher one that begins at 1");
    },
  },
  {
    clauses: ["W8", "W3.3"],
    says: "makes its peer connection anew for a robot that cannot restart ICE, and takes no answer to another offer",
    async run({ standIn, wait }) {
      const links = standIn.links.length;
      standIn.state.misleads = true;
      standIn.signal({ kind: "refused", problem: "peer.unrestartable", retryAfterMs: 0 });
      for (let waited = 0; waited < 15_000 && !(standIn.links.length > links && standIn.isOpen()); waited += 50) await wait(50);
      check(standIn.links.length === links + 1 && standIn.isOpen(), "it made no other peer connection");
    },
  },
];
