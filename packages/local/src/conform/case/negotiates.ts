import type { SignalData } from "@tether/protocol/frame/signal";
import type { Case } from "../case.ts";
import type { Operator } from "../operator.ts";
import { withoutCandidates } from "../operator-peer.ts";
import type { Trial } from "../trial.ts";
import { check, Failure } from "../watch.ts";

const ufragsIn = (data: SignalData | undefined) =>
  data && "sdp" in data ? [...data.sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].map(([, ufrag]) => ufrag) : [];

async function pings(operator: Operator, ms?: number): Promise<void> {
  const from = operator.received.all.length;
  operator.onControl({ type: "ping" });
  await operator.message("pong", { from, ...(ms && { ms }) });
}

async function isDeaf(operator: Operator): Promise<boolean> {
  try {
    await pings(operator, 700);
    return false;
  } catch (error) {
    if (error instanceof Failure) return true;
    throw error;
  }
}

/** Cases of peer connections, for every WebRTC stack. */
export const negotiates: readonly Case[] = [
  {
    clauses: ["W1.2", "W1.3"],
    says: "sends the tracks that its hello told of in the places of its client's offer, and offers none of them by itself",
    async run({ join, service, wait }) {
      const hello = service.connections.all.at(-1)?.heard.all.findLast(({ frame }) => frame?.type === "hello")?.frame;
      const tracks = hello?.type === "hello" ? (hello.tracks ?? []) : [];
      if (tracks.length === 0) return { skip: "the robot told of no track" };
      const operator = await join({ offers: false });
      for (const kind of tracks) operator.pc.addTransceiver(kind, { direction: "recvonly" });
      operator.signal({ kind: "offer", sdp: await operator.gathered() });
      await operator.opened();
      await wait(300);
      const answer = operator.signals.all.find(({ kind }) => kind === "answer");
      const sections =
        answer && "sdp" in answer ? answer.sdp.split(/^(?=m=)/m).filter((section) => /^m=(audio|video) [1-9]/.test(section)) : [];
      const sent = sections.filter((section) => /^a=send(only|recv)/m.test(section)).map((section) => section.slice(2, 7));
      check(sent.join() === tracks.join(), `it told of ${tracks.join(", ")} and sends ${sent.join(", ") || "nothing"} in the places`);
      check(!operator.signals.all.some(({ kind }) => kind === "offer"), "it made an offer of its own");
      operator.close();
      return undefined;
    },
  },
  {
    clauses: ["W3", "W3.2"],
    says: "keeps candidates that come before their description, several in one signal",
    async run({ join }: Trial) {
      const operator = await join({ offers: false });
      const sdp = await operator.gathered();
      const [ufrag] = ufragsIn({ kind: "offer", sdp });
      const lines = [...new Set([...sdp.matchAll(/^a=(candidate:.*)\r$/gm)].map(([, line = ""]) => line))];
      // The operator finds the robot by the robot's own attempts alone.
      operator.state.ignoresCandidates = true;
      const candidates = lines.map((candidate) => ({ candidate, sdpMid: "0", sdpMLineIndex: 0, ...(ufrag && { ufrag }) }));
      operator.signal({ kind: "candidates", candidates });
      operator.signal({ kind: "offer", sdp: withoutCandidates(sdp) });
      await operator.opened();
      operator.close();
    },
  },
  {
    clauses: ["W5.1"],
    says: "closes the peer connection of a session that ended, and of an instance that another one followed",
    async run({ join, service, wait }) {
      const [ended, followed] = [await join(), await join()];
      for (const operator of [ended, followed]) await pings(operator);
      const cause = { cause: "client.left", actor: { type: "user", id: "user" }, inferred: false } as const;
      service.post({ type: "peer.ended", session: ended.session, epoch: 1, ...cause });
      const { instance = "" } = followed.peer();
      const another = instance.replace("conform", "another") as typeof instance & NonNullable<ReturnType<Operator["peer"]>["instance"]>;
      service.post({ type: "peer.online", peer: { ...followed.peer(), epoch: 2, instance: another } });
      // By another way than the ping comes.
      await wait(300);
      const [one, other] = await Promise.all([isDeaf(ended), isDeaf(followed)]);
      check(one, "it went on with a session that ended");
      check(other, "it went on with an instance that another one followed");
      for (const operator of [ended, followed]) operator.close();
    },
  },
  {
    clauses: ["W6", "W3.3"],
    says: "makes a new peer connection for an offer of another one, by its fingerprint, and names no other offer in its answer",
    async run({ join, renew }) {
      const operator = await renew(await join());
      await pings(operator);
      const answer = operator.signals.all.find(({ kind }) => kind === "answer");
      const named = answer?.kind === "answer" ? answer.offer : undefined;
      check(named === undefined || ufragsIn({ kind: "offer", sdp: operator.offered() }).includes(named), "its answer names another offer");
      operator.close();
    },
  },
  {
    clauses: ["W4", "W8"],
    says: "restarts ICE when its client says so, and the channels stay, or asks it for a new peer connection, once",
    async run({ join, renew, wait }) {
      let operator = await join();
      const from = operator.signals.all.length;
      const known = ufragsIn(operator.signals.all.findLast(({ kind }) => kind === "answer"));
      operator.signal({ kind: "restart" });
      const isAnswer = ({ kind }: SignalData) => kind === "offer" || kind === "refused";
      const answer = await operator.signals.until("an offer or a refusal", isAnswer, { from, ms: 10_000 });
      if (answer.kind === "refused") {
        check(answer.problem === "peer.unrestartable" && answer.retryAfterMs === 0, `it refused for ${answer.problem}`);
        operator.signal({ kind: "restart" });
        await wait(300);
        const times = operator.signals.all.slice(from).filter(({ kind }) => kind === "refused").length;
        check(times === 1, `it asked for a new peer connection ${times} times`);
        operator = await renew(operator);
      } else {
        check(!ufragsIn(answer).some((ufrag) => known.includes(ufrag)), "its offer is of the same generation as its answer before");
      }
      await pings(operator);
      operator.close();
    },
  },
];
