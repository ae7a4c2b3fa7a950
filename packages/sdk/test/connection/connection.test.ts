import type { FromBroker } from "@tether/protocol/frame";
import { describe, expect, test } from "vitest";
import { problemReason } from "../../src/problem-reason.ts";
import { settled } from "../virtual-clock.ts";
import { byeOf, session, welcome } from "./example.ts";
import { minute, start, typesOf } from "./started.ts";

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

  test("waits up to 30 s for a socket and for a welcome where two attempts failed, and four [E2.1]", async () => {
    const { clock, last, sockets, states } = await start();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 6; attempt++) {
      const [socket, at] = [last(), clock.now()];
      // Every other attempt opens its socket, and is not welcomed.
      if (attempt % 2 === 0) await socket.opens();
      while (!socket.closed) await clock.advance(1_000);
      waits.push((clock.now() - at) / 1_000);
      while (sockets.length === attempt) await clock.advance(250);
    }
    expect(waits).toEqual([10, 10, 20, 20, 30, 30]);
    expect(states).not.toContain("online");
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
    refusals.push({ refusal: { reason: problemReason("access.denied"), retry: "never", afterMs: 0 } });
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
});
