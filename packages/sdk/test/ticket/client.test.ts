import { RobotId } from "@tether/protocol/id";
import { type ProblemCode, problems } from "@tether/protocol/problem";
import { describe, expect, test } from "vitest";
import { clientTickets } from "../../src/ticket/client.ts";
import { answer, session } from "../connection/example.ts";
import { createService } from "../service.ts";

const robot = RobotId.parse("rob_01J00000000000000000000000");
const { signal } = new AbortController();

function start(token: (hint: { fresh: boolean }) => Promise<string> = async ({ fresh }) => (fresh ? "new" : "old")) {
  const service = createService();
  const tickets = clientTickets({ fetch: service.fetch, api: "https://api.example/", robot, token });
  return {
    ...service,
    tickets,
    connect: () => tickets({ use: "connect", session }, signal),
    begin: () => tickets({ use: "connect", session: undefined }, signal),
    renew: () => tickets({ use: "renew", session }, signal),
  };
}

describe("a client's tickets", () => {
  test("are asked for with the user's token, robot, session and use", async () => {
    const { gives, connect, asked } = start();
    gives(answer());
    expect(await connect()).toEqual({ answer: answer() });
    expect(asked).toEqual([
      { url: "https://api.example/v1/tickets/client", authorization: "Bearer old", body: { robot, session, use: "connect" } },
    ]);
  });

  test.each(["session.unknown", "session.ended"] as const)("begin a new session, once, when resuming is refused with %s", async (code) => {
    const { refuses, gives, connect, asked } = start();
    refuses(code);
    gives(answer());
    expect(await connect()).toEqual({ answer: answer() });
    expect(asked.map(({ body }) => body.session)).toEqual([session, undefined]);
    const twice = start();
    twice.refuses(code);
    twice.refuses(code);
    expect(await twice.connect()).toMatchObject({ refusal: { retry: "never", reason: { code } } });
    const renewal = start();
    renewal.refuses(code);
    expect(await renewal.renew()).toMatchObject({ refusal: { reason: { code } } });
    expect(renewal.asked).toHaveLength(1);
  });

  test("ask for a fresh token, once, when it is over", async () => {
    const { refuses, gives, begin, asked } = start();
    refuses("auth.expired");
    gives(answer());
    expect(await begin()).toEqual({ answer: answer() });
    expect(asked.map(({ authorization }) => authorization)).toEqual(["Bearer old", "Bearer new"]);
    const twice = start();
    twice.refuses("auth.expired");
    twice.refuses("auth.expired");
    expect(await twice.begin()).toMatchObject({ refusal: { retry: "never", reason: { code: "auth.expired" } } });
  });

  test("ask for a fresh token at first where the one at hand renews nothing, and not for a second one [L3.3]", async () => {
    const { refuses, gives, tickets, asked } = start();
    gives(answer());
    expect(await tickets({ use: "renew", session, fresh: true }, signal)).toEqual({ answer: answer() });
    refuses("auth.expired");
    expect(await tickets({ use: "renew", session, fresh: true }, signal)).toMatchObject({ refusal: { reason: { code: "auth.expired" } } });
    expect(asked.map(({ authorization }) => authorization)).toEqual(["Bearer new", "Bearer new"]);
  });

  const finals = new Set([400, 401, 403, 404, 410, 413, 422]);
  const codes = (Object.keys(problems) as ProblemCode[]).filter((code) => code !== "auth.expired");
  test.each(codes)("say of %s whether asking again may help, in the service's words [E3, E3.1]", async (code) => {
    const { refuses, begin } = start();
    refuses(code);
    const { status, says, remedy } = problems[code];
    const again = ["assertion.expired", "assertion.replayed"].includes(code);
    const standsBy = code === "session.superseded"; // T9
    const retry = standsBy || (finals.has(status) && !again) ? "never" : "backoff";
    expect(await begin()).toMatchObject({ refusal: { reason: { code, says, remedy }, retry, afterMs: 0 } });
  });

  test("take a refusal that this version does not know by its status, in the service's words [F7]", async () => {
    for (const [status, retry] of [
      [403, "never"],
      [503, "backoff"],
    ] as const) {
      const { gives, begin } = start();
      const body = { type: "urn:x", title: "It is so.", detail: "Do this.", status, code: "newer.unheard-of", serverTime: 0 };
      gives(body, status);
      expect(await begin()).toMatchObject({
        refusal: { reason: { code: "newer.unheard-of", says: "It is so.", remedy: "Do this." }, retry },
      });
    }
  });

  test.each([
    ["the network's failing", "network.failed", (_: ReturnType<typeof start>) => {}],
    ["a proxy's page", "network.failed", ({ gives }: ReturnType<typeof start>) => gives("<html>", 502)],
    ["the gateway's throttle", "service.busy", ({ gives }: ReturnType<typeof start>) => gives({ message: "Too Many Requests" }, 429)],
    ["an answer that is none", "answer.invalid", ({ gives }: ReturnType<typeof start>) => gives({ ticket: 1 })],
    ["a captive portal", "answer.invalid", ({ gives }: ReturnType<typeof start>) => gives("<html>", 200)],
  ])("may be asked for again after %s [E11]", async (_, code, prepare) => {
    const it = start();
    prepare(it);
    expect(await it.begin()).toMatchObject({ refusal: { retry: "backoff", reason: { code } } });
  });

  test("may be asked for again when no token can be had", async () => {
    const { begin, asked } = start(() => Promise.reject(new Error("offline")));
    expect(await begin()).toMatchObject({ refusal: { retry: "backoff", reason: { code: "token.failed" } } });
    expect(asked).toEqual([]);
  });

  test.each([
    ["7", 7_000],
    ["86400", 300_000],
    ["-1", 0],
    ["Wed, 21 Oct 2026 07:28:00 GMT", 0],
  ])("wait as long as Retry-After says, within reason: %s [E7]", async (header, afterMs) => {
    const { refuses, begin } = start();
    refuses("rate.limited", 0, { "retry-after": header });
    expect(await begin()).toMatchObject({ refusal: { retry: "backoff", afterMs } });
  });
});
