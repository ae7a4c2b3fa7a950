import type { FromBroker } from "@tether/protocol/frame";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { byeOf, session, welcome } from "./example.ts";
import { minute, start } from "./started.ts";

const [earliestMs, latestMs] = limits.session.rolloverMs;
const offer = { kind: "app", body: 1 } as const;

/** Brings a connection to the moment its successor's socket is being opened. */
async function handingOver() {
  const it = await start();
  await it.greet();
  await it.clock.advance((earliestMs + latestMs) / 2);
  return it;
}

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
