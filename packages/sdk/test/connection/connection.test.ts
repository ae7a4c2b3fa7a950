import type { FromBroker } from "@tether/protocol/frame";
import { InstanceId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { connect } from "../../src/connection/connection.ts";
import { sleptMs } from "../../src/connection/keepalive.ts";
import { heartbeat } from "../../src/connection/socket.ts";
import { patienceMs } from "../../src/connection/work.ts";
import { reason } from "../../src/reason.ts";
import type { Ticketed, Wanted } from "../../src/ticket/source.ts";
import { createTestPlatform } from "../platform.ts";
import { settled } from "../virtual-clock.ts";
import { answer, byeOf, session, welcome } from "./example.ts";

const minute = 60_000;
const offer = { kind: "app", body: 1 } as const;

async function start(options: Parameters<typeof createTestPlatform>[0] = {}) {
  const world = createTestPlatform(options);
  const { clock } = world;
  const asked: (Wanted & { aborted: () => boolean })[] = [];
  const refusals: Ticketed[] = [];
  let stuck = false;
  const states: string[] = [];
  const frames: FromBroker[] = [];
  const arrivals: string[] = [];
  let failures = 0;
  const log: string[] = [];
  const connection = connect({
    platform: world.platform,
    log: (line) => log.push(JSON.stringify(line)),
    session: undefined,
    hello: () => ({ type: "hello", protocol: 1, features: [], instance: InstanceId.parse("instance-1"), received: {} }),
    async tickets(wanted, signal) {
      asked.push({ ...wanted, aborted: () => signal.aborted });
      if (stuck) return new Promise(() => {});
      return refusals.shift() ?? { answer: answer(asked.length, clock.now()) };
    },
    changed: (state) => states.push(state.state === "handingOver" ? `handingOver ${state.successor.state}` : state.state),
    answered: () => {},
    welcomed: (_, arrival) => arrivals.push(arrival),
    frame: (frame) => frames.push(frame),
    renewed: () => {},
    failed: () => {
      failures += 1;
    },
  });
  const greet = async (epoch = 1) => {
    await world.last().opens();
    await world.last().says(welcome({ epoch, at: clock.now() }));
  };
  connection.start();
  await settled();
  return {
    ...world,
    connection,
    asked,
    refusals,
    states,
    frames,
    arrivals,
    log,
    greet,
    failures: () => failures,
    stick: (is: boolean) => {
      stuck = is;
    },
  };
}

/** Brings a connection to the moment its successor's socket is being opened. */
async function handingOver() {
  const it = await start();
  await it.greet();
  await it.clock.advance(95 * minute);
  return it;
}

const unknown = { type: "new.kind" } as const;
const gatewayError = { message: "Internal server error", connectionId: "c", requestId: "r" };

const typesOf = (sent: readonly { type: string }[]) => sent.map(({ type }) => type);

describe("a socket that is dead and says that it is open", () => {
  const hellos = (sent: readonly { type: string }[]) => sent.filter(({ type }) => type === "hello").length;

  test.each(["control.request", "stop"] as const)("is noticed 5 s after %s had no answer, and given up 4 s later [E10]", async (type) => {
    const { clock, connection, at, states, sockets, greet } = await start();
    await greet();
    await clock.advance(minute);
    connection.send({ type });
    await clock.advance(4_999);
    expect(hellos(at(0).sent)).toBe(1);
    await clock.advance(1);
    expect(hellos(at(0).sent)).toBe(2);
    await clock.advance(3_999);
    expect(states.at(-1)).toBe("online");
    await clock.advance(1);
    expect([states.at(-1), at(0).closed]).toEqual(["waiting", true]);
    expect(connection.state()).toMatchObject({ why: { code: "connection.silent" } });
    await clock.advance(1_000);
    await greet(2);
    expect([states.at(-1), sockets.length]).toEqual(["online", 2]);
  });

  test("is in no doubt where anything is heard in time, or nothing was asked [E10]", async () => {
    const { clock, connection, last, greet } = await start();
    await greet();
    connection.send({ type: "ping" });
    await clock.advance(10_000);
    for (const heard of [unknown, gatewayError]) {
      connection.send({ type: "control.request" });
      await clock.advance(4_000);
      await last().says(heard);
      await clock.advance(10_000);
    }
    expect(hellos(last().sent)).toBe(1);
  });

  test("goes on where it answers the second hello, and is doubted anew by the next silence [E10]", async () => {
    const { clock, connection, last, states, greet } = await start();
    await greet();
    for (const asked of [2, 3]) {
      connection.send({ type: "control.request" });
      await clock.advance(5_000);
      expect(hellos(last().sent)).toBe(asked);
      await last().says(welcome({ at: clock.now() }));
      await clock.advance(10_000);
    }
    connection.doubt();
    connection.doubt();
    expect([hellos(last().sent), states.at(-1)]).toEqual([4, "online"]);
  });
});

describe("a connection", () => {
  test("fetches a ticket, offers it as a subprotocol, says hello first, and is online with welcome [E1]", async () => {
    const { last, states, greet, asked } = await start();
    expect(last().protocols).toEqual(["tether.v1", "ticket.secret-1"]);
    expect(last().url).not.toContain("secret");
    expect(last().sent).toEqual([]);
    await greet();
    expect(typesOf(last().sent)).toEqual(["hello"]);
    expect(states).toEqual(["ticketing", "connecting", "greeting", "online"]);
    expect(asked).toMatchObject([{ use: "connect", session: undefined }]);
  });

  test("fetches a new ticket for every connect, and names the session it goes on with [E1, T2.1]", async () => {
    const { clock, last, greet, asked, sockets } = await start();
    await greet();
    await clock.advance(minute);
    await last().breaks();
    await clock.advance(250);
    expect(asked).toMatchObject([{ session: undefined }, { use: "connect", session }]);
    expect(sockets.map(({ protocols }) => protocols[1])).toEqual(["ticket.secret-1", "ticket.secret-2"]);
  });

  test("waits half a drawn bound before the next failures, and not a millisecond less [E2]", async () => {
    const { clock, last, sockets } = await start();
    await last().breaks();
    await clock.advance(249);
    expect(sockets).toHaveLength(1);
    await clock.advance(1);
    expect(sockets).toHaveLength(2);
  });

  test("gives up a socket that does not open, and a welcome that does not come, after 10 s", async () => {
    const { clock, at, last, sockets, states } = await start();
    await clock.advance(9_999);
    expect(at(0).closed).toBe(false);
    await clock.advance(1 + 250);
    expect(at(0).closed).toBe(true);
    expect(sockets).toHaveLength(2);
    await last().opens();
    await clock.advance(10_000);
    expect(at(1).closed).toBe(true);
    expect(states.at(-1)).toBe("waiting");
  });

  test("keeps silent about a ticket that comes after its time, and aborts what fetches it [E5]", async () => {
    const it = await start();
    it.stick(true);
    await it.last().breaks();
    await it.clock.advance(250);
    const late = it.asked.at(-1);
    expect(late?.aborted()).toBe(false);
    await it.clock.advance(20_000);
    expect(late?.aborted()).toBe(true);
    expect(it.sockets).toHaveLength(1);
  });

  test("is deaf to a socket it replaced, and leaves no timer behind when it stops [E5]", async () => {
    const { clock, connection, at, greet, states, frames } = await start();
    const old = at(0);
    const { onmessage, onclose } = old;
    await greet();
    await clock.advance(minute);
    await old.breaks();
    await clock.advance(500);
    await greet(2);
    const before = states.length;
    onmessage?.({ data: JSON.stringify(byeOf("admin.ended")) });
    onclose?.({ code: 1006 });
    await settled();
    expect(states).toHaveLength(before);
    connection.release();
    expect(frames).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(states.at(-1)).toBe("stopped");
  });

  test("stays down after a final problem and after bye never, and says why [E3]", async () => {
    const { clock, last, connection, sockets, refusals } = await start();
    refusals.push({ refusal: { reason: reason("access.denied"), retry: "never", afterMs: 0 } });
    await last().breaks();
    await clock.advance(10 * minute);
    expect(connection.state()).toMatchObject({ state: "stopped", why: { code: "access.denied" } });
    const other = await start();
    await other.greet();
    await other.last().says(byeOf("admin.ended"));
    await other.clock.advance(10 * minute);
    expect(other.connection.state()).toMatchObject({ state: "stopped", why: { code: "admin.ended" } });
    expect([sockets.length, other.sockets.length]).toEqual([1, 1]);
  });

  test("sends half as many keepalives where the socket pings the link by itself [E4]", async () => {
    const { clock, last, greet, at } = await start({ fraction: () => 0.5, canPing: true });
    await greet();
    for (let beat = 0; beat < limits.keepalive.pingingMs / heartbeat.everyMs - 1; beat++) {
      await clock.advance(heartbeat.everyMs);
      at(0).onpong?.();
    }
    expect(typesOf(last().sent)).toEqual(["hello"]);
    await clock.advance(heartbeat.everyMs);
    expect(typesOf(last().sent)).toEqual(["hello", "ping"]);
  });

  test.each([
    [0, 0.9],
    [0.5, 1],
    [0.999_999, 1.1],
  ])("sends a keepalive every 4 min ± 10 %: drawn %d [E4]", async (drawn, share) => {
    const { clock, last, greet } = await start({ fraction: () => drawn });
    await greet();
    await clock.advance(limits.keepalive.everyMs * share - 1);
    expect(typesOf(last().sent)).toEqual(["hello"]);
    await clock.advance(1);
    expect(typesOf(last().sent)).toEqual(["hello", "ping"]);
    await clock.advance(limits.keepalive.everyMs * share * 3);
    expect(typesOf(last().sent)).toEqual(["hello", "ping", "ping", "ping", "ping"]);
  });

  /** Plays an hour behind a proxy that cuts a socket on which nothing was sent for `idleMs`, and counts its cuts. */
  async function playProxy(idleMs: number, options: Parameters<typeof start>[0] = {}) {
    const end = await start(options);
    let [cuts, epoch, seen, silentMs] = [0, 1, 0, 0];
    await end.greet();
    for (let second = 0; second < 3_600; second += 1) {
      await end.clock.advance(1_000);
      const socket = end.last();
      silentMs = socket.sent.length === seen ? silentMs + 1_000 : 0;
      seen = socket.sent.length;
      if (silentMs < idleMs) continue;
      cuts += 1;
      epoch += 1;
      await socket.breaks();
      await end.clock.advance(15_000);
      await end.greet(epoch);
      [seen, silentMs] = [end.last().sent.length, 0];
    }
    return { ...end, cuts };
  }

  test.each([30, 60, 120, 200])(
    "is cut twice by a proxy that drops sockets silent for %i s, and then stays below it [E12]",
    async (seconds) => {
      const drawn = [0, 0.999_999];
      const { cuts } = await playProxy(seconds * 1_000, { fraction: () => drawn.reverse()[0] ?? 0 });
      expect(cuts).toBe(2);
    },
  );

  test("changes nothing where no silence is too long [E12]", async () => {
    const { cuts, last } = await playProxy(10 * minute);
    expect([cuts, typesOf(last().sent).filter((type) => type === "ping").length]).toEqual([0, 15]);
  });

  test("pings where the socket can, and takes one that misses two for broken", async () => {
    const { clock, last, greet, at, states } = await start({ canPing: true });
    await greet();
    await clock.advance(heartbeat.everyMs);
    at(0).onpong?.();
    await clock.advance(2 * heartbeat.everyMs);
    expect(at(0).pings).toBe(3);
    expect(last().closed).toBe(false);
    await clock.advance(heartbeat.everyMs);
    expect(at(0).closed).toBe(true);
    expect(states).toContain("waiting");
  });

  test("passes on what came before welcome, in order, once welcome is here", async () => {
    const { last, frames } = await start();
    await last().opens();
    const early: FromBroker = { type: "ack", from: session, received: { stream: 1, seq: 0 } };
    await last().says(early);
    expect(frames).toEqual([]);
    await last().says(welcome());
    expect(frames).toEqual([early]);
  });

  test("ignores frames it does not know or cannot read, and never logs a secret [F3]", async () => {
    const { last, greet, states, log, frames } = await start();
    await greet();
    const before = states.length;
    for (const frame of ["", "{", '{"type":"signal"}', "[1]"]) await last().says(frame);
    await last().says({ type: "new.kind" });
    expect([states.length, frames]).toEqual([before, []]);
    expect(log.join()).toContain("frame.unknown");
    expect(log.join()).not.toContain("secret");
  });

  test("says that frames were lost when the gateway says so [F10]", async () => {
    const { last, greet, failures, states } = await start();
    await greet();
    await last().says({ message: "Internal server error", connectionId: "c", requestId: "r" });
    expect([failures(), states.at(-1)]).toEqual([1, "online"]);
  });

  test("asks for a connection anew when hello was lost in the gateway [F10]", async () => {
    const { last, states } = await start();
    await last().opens();
    await last().says({ message: "Internal server error", connectionId: "c", requestId: "r" });
    expect(states.at(-1)).toBe("waiting");
  });

  test("leaves: says so, and waits for bye, the socket's end, or 5 s", async () => {
    const { clock, connection, last, greet, states } = await start();
    await greet();
    connection.leave("done");
    expect(last().sent.at(-1)).toEqual({ type: "leave", reason: "done" });
    expect(states.at(-1)).toBe("leaving");
    await last().says(byeOf("client.left"));
    expect(connection.state()).toMatchObject({ state: "stopped", why: { code: "client.left" } });
    const mute = await start();
    await mute.greet();
    mute.connection.leave(undefined);
    await mute.clock.advance(5_000);
    expect(mute.connection.state()).toMatchObject({ state: "stopped", why: { code: "end.left" } });
    expect([last().closed, clock.pending]).toEqual([true, 0]);
  });

  test("asks whether its socket survived when time jumped, and replaces it when nothing answers", async () => {
    const { clock, last, greet, states, arrivals, at } = await start();
    await greet();
    clock.sleep(limits.keepalive.everyMs + sleptMs + 1);
    await clock.advance(0);
    expect(typesOf(last().sent)).toEqual(["hello", "ping", "hello"]);
    await last().says(welcome({ at: clock.now() }));
    expect(arrivals).toEqual(["reconnected", "asked"]);
    clock.sleep(limits.keepalive.everyMs + sleptMs + 1);
    await clock.advance(patienceMs.probing);
    expect(at(0).closed).toBe(true);
    expect(states.at(-1)).toBe("waiting");
  });
});

describe("a hand-over", () => {
  test("opens the successor while the first goes on, and switches with its welcome", async () => {
    const { connection, at, greet, arrivals, states } = await handingOver();
    connection.send({ type: "signal", to: session, stream: 1, seq: 1, data: offer });
    expect(at(0).sent.at(-1)).toMatchObject({ seq: 1 });
    await greet(2);
    connection.send({ type: "signal", to: session, stream: 1, seq: 2, data: offer });
    expect(at(1).sent.at(-1)).toMatchObject({ seq: 2 });
    expect(at(0).sent.at(-1)).toMatchObject({ seq: 1 });
    expect(arrivals).toEqual(["reconnected", "handedOver"]);
    expect(states.slice(4)).toEqual(["handingOver ticketing", "handingOver connecting", "handingOver greeting", "online"]);
    expect(at(0).closed).toBe(false);
  });

  test("hears both sockets until the old one is dismissed, closes, or 10 s are over", async () => {
    const heard: FromBroker = { type: "ack", from: session, received: { stream: 1, seq: 0 } };
    const it = await handingOver();
    await it.greet(2);
    await it.at(0).says(heard);
    await it.at(1).says(heard);
    expect(it.frames).toEqual([heard, heard]);
    await it.clock.advance(9_999);
    expect(it.at(0).closed).toBe(false);
    await it.clock.advance(1);
    expect(it.at(0).closed).toBe(true);
    const dismissed = await handingOver();
    await dismissed.greet(2);
    await dismissed.at(0).says(byeOf("superseded"));
    expect([dismissed.at(0).closed, dismissed.states.at(-1)]).toEqual([true, "online"]);
  });

  test("passes on what is refused on the old socket, and reconnects only for what is refused on the new", async () => {
    const refused: FromBroker = { type: "problem", code: "session.superseded", says: "", remedy: "", id: "1" };
    const it = await handingOver();
    await it.greet(2);
    await it.at(0).says(refused);
    expect([it.frames, it.states.at(-1)]).toEqual([[refused], "online"]);
    await it.at(1).says(refused);
    expect(it.states.at(-1)).toBe("waiting");
  });

  test("is not stopped by bye superseded that overtakes the successor's welcome", async () => {
    const it = await handingOver();
    await it.last().opens();
    await it.at(0).says(byeOf("superseded"));
    await it.last().says(welcome({ epoch: 2, at: it.clock.now() }));
    expect(it.states.at(-1)).toBe("online");
  });

  test("is tried again while the old connection lives", async () => {
    const { clock, at, states, sockets, greet } = await handingOver();
    await at(1).breaks();
    expect(states.at(-1)).toBe("handingOver waiting");
    await clock.advance(250);
    expect(sockets).toHaveLength(3);
    expect(at(0).closed).toBe(false);
    await greet(2);
    expect(states.at(-1)).toBe("online");
  });

  test("becomes a reconnect when the old connection dies first, and loses nothing of what was begun", async () => {
    const { at, states, greet, arrivals, asked } = await handingOver();
    await at(0).breaks();
    expect(states.at(-1)).toBe("connecting");
    await greet(2);
    expect(arrivals).toEqual(["reconnected", "reconnected"]);
    expect(asked.filter(({ use }) => use === "connect")).toHaveLength(2);
  });

  test("happens again and again over a day on one session", async () => {
    const { clock, sockets, states, arrivals, last } = await start();
    await last().opens();
    await last().says(welcome({ at: clock.now() }));
    for (let hours = 0, known = 1; hours < 24 * 12; hours += 1) {
      await clock.advance(5 * minute);
      if (sockets.length === known) continue;
      known = sockets.length;
      await last().opens();
      await last().says(welcome({ epoch: known, at: clock.now() }));
    }
    expect(sockets.length).toBeGreaterThan(13);
    expect(arrivals.slice(1).every((arrival) => arrival === "handedOver")).toBe(true);
    expect(states.filter((state) => state === "waiting")).toEqual([]);
  });
});
