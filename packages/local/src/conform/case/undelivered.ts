import type { FromBroker } from "@tether/protocol/frame";
import type { Signal, SignalData } from "@tether/protocol/frame/signal";
import { problems } from "@tether/protocol/problem";
import type { Case } from "../case.ts";
import type { Connection } from "../connection.ts";
import { check } from "../watch.ts";

/** The first frame from place `from` on that is a signal to the peer and matches. */
export async function signalTo(
  connection: Connection,
  what: string,
  { to, from, where }: { to: string; from: number; where: (signal: Signal) => boolean },
): Promise<{ at: number; signal: Signal }> {
  const { at, frame } = await connection.heard.until(what, ({ frame: one }) => one?.type === "signal" && one.to === to && where(one), {
    from,
  });
  check(frame?.type === "signal", what);
  return { at, signal: frame };
}

export const isOf = (kind: SignalData["kind"]) => (signal: Signal) => signal.data.kind === kind;

/** Tells the sender of a signal that the broker is busy, and then that it refuses it, and sees it come again in time. S10.1 */
export async function seesAgain(connection: Connection, now: () => number, signal: Signal): Promise<void> {
  const { to, stream, seq, id } = signal;
  const { says, remedy } = problems.unavailable;
  const named = id !== undefined && { id };
  const refusals: readonly FromBroker[] = [
    { type: "undelivered", ...named, to, stream, seq, reason: "busy" },
    { type: "problem", ...named, code: "unavailable", says, remedy },
  ];
  for (const [n, refusal] of refusals.entries()) {
    const [announcedAt, from] = [now(), connection.heard.all.length];
    connection.say(refusal);
    const isSame = (one: Signal) => one.stream === stream && one.seq === seq;
    const again = await signalTo(connection, `the signal that was ${refusal.type === "problem" ? "refused" : "undelivered"}, again`, {
      to,
      from,
      where: isSame,
    });
    check(
      again.at - announcedAt >= 900 * 2 ** n,
      `it sent a signal again after ${Math.round(again.at - announcedAt)} ms, the ${n + 1}. time`,
    );
  }
}

/** The offer of another peer connection, to whoever tells them by their fingerprints. */
const ofAnother = (sdp: string) =>
  sdp.replaceAll(/^(a=fingerprint:\S+ )(..)/gm, (_, head: string, byte: string) => `${head}${byte === "00" ? "01" : "00"}`);

/** Cases of signals that the broker did not deliver. */
export const undelivered: readonly Case[] = [
  {
    clauses: ["S10.1"],
    says: "sends a signal again, a second later and then two, that was undelivered as busy or refused, whatever becomes of the one before",
    async run({ join, service, clock }) {
      const operator = await join({ offers: false });
      const connection = service.connections.all.at(-1);
      check(connection !== undefined, "it has no connection");
      // The first answer is never acknowledged, so that nothing but what is told of the second has that sent again.
      operator.state.losesSignals = Number.POSITIVE_INFINITY;
      const [to, from] = [operator.session, connection.heard.all.length];
      const sdp = await operator.gathered();
      operator.signal({ kind: "offer", sdp });
      const { signal: first } = await signalTo(connection, "its answer", { to, from, where: isOf("answer") });
      operator.signal({ kind: "offer", sdp: ofAnother(sdp) });
      const where = (one: Signal) => one.seq > first.seq && isOf("answer")(one);
      const { signal } = await signalTo(connection, "its answer to the offer of another peer connection", { to, from, where });
      await seesAgain(connection, clock.now, signal);
      operator.close();
      const cause = { cause: "client.left", actor: { type: "user", id: "user" }, inferred: false } as const;
      service.post({ type: "peer.ended", session: to, epoch: 1, ...cause });
    },
  },
];
