import { describe, expect, test } from "vitest";
import { welcome } from "./example.ts";
import { minute, start } from "./started.ts";

const unknown = { type: "new.kind" } as const;

const gatewayError = { message: "Internal server error", connectionId: "c", requestId: "r" };

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
