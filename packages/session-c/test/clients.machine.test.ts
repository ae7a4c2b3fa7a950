import { beforeEach, expect, test } from "vitest";
import { type Told, useProgram } from "./program.ts";

const program = useProgram();
beforeEach(() => program.call({ do: "begin" }));

const client = "cse_01J00000000000000000000001";
const other = "cse_01J00000000000000000000002";
const peer = (part: object = {}) => ({ session: client, kind: "client", state: "online", epoch: 2, instance: "instance-1", ...part });

const frame = (at: number, content: object) => program.call({ do: "frame", at, frame: content });
const welcome = (at: number, peers: object[] = [peer()], epoch = 3, id = "rse_1") =>
  frame(at, { type: "welcome", session: { id, epoch }, peers });
const signal = (at: number, body: unknown) => program.call({ do: "signal", at, to: client, data: JSON.stringify(body) });
const hear = (at: number, seq: number, part: object = {}) =>
  frame(at, { type: "signal", from: client, stream: 5, seq, data: { kind: "app", body: seq }, ...part });
const due = (at: number) => program.call({ do: "due", at });

/** The numbers of the signals that were sent. */
const seqs = (told: readonly Told[]) =>
  told.flatMap(({ frame: said }) => {
    const { type, seq } = (said ?? {}) as { type?: string; seq?: number };
    return type === "signal" ? [seq] : [];
  });
const bodies = (told: readonly Told[]) => told.flatMap(({ data }) => (data ? [(data as { body: unknown }).body] : []));
const hooks = (told: readonly Told[]) => told.map(({ hook }) => hook);
const refused = (code: string) => [{ hook: "problem", code }];
const acks = (told: readonly Told[]) =>
  told.flatMap(({ frame: said }) => {
    const { type, received } = (said ?? {}) as { type?: string; received?: object };
    return type === "ack" ? [received] : [];
  });

test("a stream's number is the sum of both epochs, and goes on over connections of either end [S3, S3.1]", async () => {
  await welcome(0);
  expect(await signal(0, "a")).toEqual([{ hook: "say", frame: { type: "signal", to: client, stream: 5, seq: 1, data: "a" } }]);
  await program.call({ do: "lost" });
  await welcome(10, [peer({ epoch: 4 })], 9);
  expect((await signal(20, "b")).at(-1)).toMatchObject({ frame: { stream: 5, seq: 2 } });
});

test("signals are kept up to 256, and no further one is sent until the client took some, nor a long one, nor one to nobody [S5.1, S11]", async () => {
  expect(await signal(0, "a")).toEqual(refused("signal.target"));
  await welcome(0);
  for (let n = 1; n <= 255; n += 1) await signal(0, n);
  const most = 28 * 1024 - '""'.length;
  for (const long of ["a".repeat(most + 1), "é".repeat(most / 2 + 1)]) expect(await signal(0, long)).toEqual(refused("frame.too-large"));
  expect(seqs(await signal(0, "a".repeat(most)))).toEqual([256]);
  expect(await signal(0, "more")).toEqual(refused("signal.backlog"));
  await frame(1, { type: "ack", from: client, received: { stream: 5, seq: 1 } });
  expect([seqs(await signal(1, "more")), await signal(1, "more")]).toEqual([[257], refused("signal.backlog")]);
});

test("signals are handed on in order and once, and those of a lower stream are not [S4]", async () => {
  await welcome(0);
  expect(bodies(await hear(1, 2))).toEqual([]);
  expect(bodies(await hear(2, 1))).toEqual([1, 2]);
  expect(bodies(await hear(3, 1))).toEqual([]);
  expect(bodies(await hear(4, 3, { stream: 4 }))).toEqual([]);
  expect(bodies(await hear(5, 1, { stream: 6 }))).toEqual([1]);
  expect(await program.call({ do: "received" })).toEqual([{ hook: "received", of: { [client]: { stream: 6, seq: 1 } } }]);
});

test("a client that sends far ahead does not keep out what is missing, and one whose numbers are none is not heard [S4, S9]", async () => {
  await welcome(0);
  for (let seq = 2; seq <= 300; seq += 1) await hear(1, seq);
  const ahead = bodies(await hear(2, 1));
  expect([ahead.length, ahead.at(-1)]).toEqual([256, 256]);
  for (const part of [{ stream: 1e300 }, { seq: 1e300 }, { seq: -1e300 }, { received: { stream: 1e300, seq: 1e300, next: -1e300 } }])
    expect(bodies(await hear(3, 1, part))).toEqual([]);
  await frame(4, { type: "peer.away", session: client, epoch: 1e300, backBy: 1e300 });
  expect(bodies(await hear(5, 257))).toEqual([257]);
});

test("a signal of a client that it was never told of is dropped, and not acknowledged [S3.1]", async () => {
  await welcome(0, []);
  expect(await hear(1, 1)).toEqual([]);
  expect(await due(2_000)).toEqual([]);
});

test.each([
  ["an ack", { type: "ack", from: client, received: { stream: 5, seq: 2 } }],
  ["a signal", { type: "signal", from: client, stream: 5, seq: 1, data: {}, received: { stream: 5, seq: 2 } }],
  ["peer.online", { type: "peer.online", peer: peer({ epoch: 3 }), received: { stream: 5, seq: 2 } }],
])("what is acknowledged by %s is not sent again after a reconnect, and the rest is [S5, S6, S8]", async (_, acknowledging) => {
  await welcome(0);
  for (const body of ["a", "b", "c"]) await signal(0, body);
  await frame(10, acknowledging);
  await program.call({ do: "lost" });
  await welcome(20, [peer({ epoch: 3 })]);
  expect(seqs(await due(20))).toEqual([3]);
});

test("another hello on the same connection sends nothing again [S8]", async () => {
  await welcome(0);
  await signal(0, "a");
  await welcome(10);
  expect(seqs(await due(10))).toEqual([]);
});

test("what is signalled while there is no connection waits for the next one [S5]", async () => {
  await welcome(0);
  await program.call({ do: "lost" });
  expect(await signal(10, "a")).toEqual([]);
  expect(seqs(await due(11))).toEqual([]);
  await welcome(20);
  expect(seqs(await due(20))).toEqual([1]);
});

test("a client that started afresh is gone, and what was kept for it is dropped [S7, W5.1]", async () => {
  await welcome(0);
  await signal(0, "a");
  expect(await frame(10, { type: "peer.online", peer: peer({ epoch: 3, instance: "instance-2" }) })).toEqual([{ hook: "gone", client }]);
  expect(seqs(await due(10))).toEqual([]);
  expect(await signal(20, "b")).toMatchObject([{ frame: { stream: 6, seq: 1, data: "b" } }]);
});

test("a session that ended is gone once, also where welcome does not name it any more [P8, W5.1]", async () => {
  await welcome(0, [peer(), peer({ session: other })]);
  expect(await frame(1, { type: "peer.ended", session: client, epoch: 2 })).toEqual([{ hook: "gone", client }]);
  // Within an epoch online comes before ended.
  expect(await frame(2, { type: "peer.online", peer: peer() })).toEqual([]);
  expect(await signal(3, "a")).toEqual(refused("signal.target"));
  expect(await welcome(4, [])).toEqual([{ hook: "gone", client: other }]);
});

test("a signal is acknowledged within a second, at once if it came before, and at once after 32 [S14]", async () => {
  await welcome(0);
  await hear(0, 1);
  expect(acks(await due(499))).toEqual([]);
  expect(acks(await due(500))).toEqual([{ stream: 5, seq: 1 }]);
  expect(acks(await due(5_000))).toEqual([]);
  await hear(5_000, 1);
  expect(acks(await due(5_000))).toEqual([{ stream: 5, seq: 1 }]);
  for (let seq = 2; seq <= 32; seq += 1) await hear(6_000, seq);
  expect(acks(await due(6_000))).toEqual([]);
  await hear(6_000, 33);
  expect(acks(await due(6_000))).toEqual([{ stream: 5, seq: 33 }]);
  await hear(7_000, 34);
  expect(await signal(7_100, "a")).toMatchObject([{ frame: { received: { stream: 5, seq: 34 } } }]);
  expect(acks(await due(9_000))).toEqual([]);
});

test("a gap is named after 1 s, then after 2, 4, 8 … s, six times [S9]", async () => {
  await welcome(0);
  await hear(0, 1);
  await hear(0, 4);
  await hear(0, 3);
  expect(acks(await due(500))).toEqual([{ stream: 5, seq: 1 }]);
  const named: number[] = [];
  for (let at = 500; at < 200_000; at += 500) if (acks(await due(at)).length > 0) named.push(at);
  expect(named).toEqual([1_000, 3_000, 7_000, 15_000, 31_000, 63_000]);
  expect(bodies(await hear(200_000, 2))).toEqual([2, 3, 4]);
  await hear(200_000, 6);
  expect(acks(await due(201_000))).toEqual([{ stream: 5, seq: 4, next: 6 }]);
});

test("what lies in the gap that a client names is sent again, not sooner than 1 s after it was sent [S9]", async () => {
  await welcome(0);
  for (const body of ["a", "b", "c", "d"]) await signal(0, body);
  const gap = { type: "ack", from: client, received: { stream: 5, seq: 1, next: 4 } };
  await frame(900, gap);
  expect(seqs(await due(900))).toEqual([]);
  await frame(1_000, gap);
  expect(seqs(await due(1_000))).toEqual([2, 3]);
  await frame(2_900, gap);
  expect(seqs(await due(2_900))).toEqual([]);
  await frame(3_000, { type: "ack", from: client, received: { stream: 5, seq: 1 } });
  expect(seqs(await due(3_000))).toEqual([2]);
});

test("the oldest that is not acknowledged is sent again after 3, 6, 12 … s, six times, and hello with it [S13, E10]", async () => {
  await welcome(0);
  for (const body of ["a", "b"]) await signal(0, body);
  const sent: [number, unknown][] = [];
  for (let at = 0; at < 500_000; at += 1_000) {
    const told = await due(at);
    if (told.length > 0) sent.push([at, [...seqs(told), ...hooks(told)]]);
  }
  const again = [1, "say", "wake"];
  expect(sent).toEqual([3, 9, 21, 45, 93, 189].map((at) => [at * 1_000, again]));
});

test("what the broker is too busy for is sent again after 1, 2, 4 … s, 30 s at most, without an end to it [S10.1]", async () => {
  await welcome(0);
  await signal(0, "a");
  const sent: number[] = [];
  for (let at = 0; at < 100_000; at += 500) {
    if (sent.length === 0 && at === 0) await frame(0, { type: "undelivered", to: client, stream: 5, seq: 1, reason: "busy" });
    if (seqs(await due(at)).length === 0) continue;
    sent.push(at);
    await frame(at, { type: "undelivered", to: client, stream: 5, seq: 1, reason: "busy" });
  }
  expect(sent.slice(0, 2)).toEqual([1_000, 3_000]);
  expect(sent.length).toBeGreaterThan(6);
});

test("a frame that the gateway lost has what is unacknowledged sent again a second later, and so has a problem [F10, S10.1]", async () => {
  await welcome(0);
  for (const body of ["a", "b"]) await signal(0, body);
  await program.call({ do: "repeat", at: 100 });
  expect(seqs(await due(1_099))).toEqual([]);
  expect(seqs(await due(1_100))).toEqual([1, 2]);
  await frame(1_200, { type: "problem", code: "signal.target" });
  expect(seqs(await due(3_300))).toEqual([]);
  await frame(3_300, { type: "problem", code: "unavailable" });
  expect(seqs(await due(5_300))).toEqual([1, 2]);
});

test("a signal for a client that ended is dropped, and one for a client that is away waits until it is back [S10.1]", async () => {
  await welcome(0);
  await signal(0, "a");
  await frame(1, { type: "peer.away", session: client, epoch: 2, backBy: 60_000 });
  await frame(2, { type: "undelivered", to: client, stream: 5, seq: 1, reason: "away" });
  expect(seqs(await due(30_000))).toEqual([]);
  await frame(30_000, { type: "peer.online", peer: peer({ epoch: 3 }) });
  expect(seqs(await due(30_000))).toEqual([1]);
  await frame(30_001, { type: "undelivered", to: client, stream: 5, seq: 1, reason: "ended" });
  expect(seqs(await due(90_000))).toEqual([]);
});

test("a client that is taken for away but speaks has hello said again, once, and so has time: a minute after it was to be back, then 2, 4 … min [S15]", async () => {
  await welcome(0);
  await frame(1, { type: "peer.away", session: client, epoch: 2, backBy: 60_000 });
  expect(hooks(await hear(2, 1))).toEqual(["wake", "signalled"]);
  expect(hooks(await hear(3, 2))).toEqual(["signalled"]);
  const woken: number[] = [];
  for (let at = 60_000; at < 5_000_000; at += 10_000) if (hooks(await due(at)).includes("wake")) woken.push(at);
  expect(woken.map((at) => at / 60_000)).toEqual([2, 4, 8, 16, 32, 64]);
});

test("a client that came since hello is there, though a welcome that is older does not name it [P8]", async () => {
  await frame(1, { type: "peer.online", peer: peer() });
  expect(await welcome(2, [])).toEqual([]);
  await program.call({ do: "received" });
  expect(await welcome(3, [])).toEqual([{ hook: "gone", client }]);
});

test("a robot whose session is another one begins its streams anew, and hears those of its clients that are lower [T8, S3.1]", async () => {
  await welcome(0, [peer()], 30);
  expect(bodies(await hear(1, 1, { stream: 32 }))).toEqual([1]);
  await signal(1, "a");
  await program.call({ do: "lost" });
  expect(await welcome(2, [peer({ epoch: 4 })], 1, "rse_2")).toEqual([]);
  expect(seqs(await due(3))).toEqual([]);
  expect(await signal(4, "b")).toMatchObject([{ frame: { stream: 5, seq: 1, data: "b" } }]);
  expect(bodies(await hear(5, 1, { stream: 5 }))).toEqual([1]);
});
