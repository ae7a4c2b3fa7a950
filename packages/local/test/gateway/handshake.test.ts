import { afterEach, describe, expect, it } from "vitest";
import type { AuthorizerResult, Handlers } from "../../src/gateway/event.ts";
import { allow, only, type Rig, startRig } from "./rig.ts";

let rig: Rig;
afterEach(() => rig.stop());

async function handshake(handlers: Partial<Handlers>) {
  rig = await startRig({ handlers });
  return rig.connect();
}

const refusedWith = (status: number) => ({ opened: false, errors: [`Unexpected server response: ${status}`], closed: { code: 1006 } });

describe("the authorizer's answer", () => {
  it("opens the connection when it allows", async () => {
    expect(await handshake({ authorizer: async (event) => allow(event) })).toMatchObject({ opened: true, errors: [] });
  });

  const policies: [string, AuthorizerResult["policyDocument"]["Statement"], boolean][] = [
    ["a Deny", [{ Effect: "Deny", Action: "execute-api:Invoke", Resource: "*" }], false],
    [
      "a Deny beside an Allow",
      [
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "execute-api:*", Resource: "*" },
      ],
      false,
    ],
    ["no statement", [], false],
    ["an Allow for another API", [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:*:*:other/*" }], false],
    ["an Allow for another action", [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }], false],
    ["an Allow with wildcards", [{ Effect: "Allow", Action: ["execute-api:Invoke"], Resource: ["arn:aws:execute-api:*:*:local/*"] }], true],
  ];
  it.each(policies)("obeys %s", async (_name, Statement, opened) => {
    const ended = await handshake({
      authorizer: async () => ({ principalId: "u", policyDocument: { Version: "2012-10-17", Statement } }),
    });
    expect(ended).toMatchObject(opened ? { opened: true } : refusedWith(403));
    expect(rig.seen.connect).toHaveLength(opened ? 1 : 0);
  });

  it("is 401 when it throws Unauthorized, 500 when it throws anything else", async () => {
    expect(await handshake({ authorizer: () => Promise.reject(new Error("Unauthorized")) })).toMatchObject(refusedWith(401));
    await rig.stop();
    expect(await handshake({ authorizer: () => Promise.reject(new Error("unauthorized")) })).toMatchObject(refusedWith(500));
  });

  it.each([
    ["an object", { nested: {} }],
    ["a list", { list: [] }],
    ["null", { nothing: null }],
  ])("is 500 when a value of the context is %s", async (_name, context) => {
    const authorizer: Handlers["authorizer"] = async (event) => Object.assign(allow(event), { context });
    expect(await handshake({ authorizer })).toMatchObject(refusedWith(500));
  });

  it.each([
    [8_192, true],
    [8_193, false],
  ])("may be %i bytes long: %s", async (bytes, opened) => {
    const authorizer: Handlers["authorizer"] = async (event) => {
      const empty = Buffer.byteLength(JSON.stringify(allow(event, { pad: "" })));
      return allow(event, { pad: "x".repeat(bytes - empty) });
    };
    expect(await handshake({ authorizer })).toMatchObject(opened ? { opened: true } : refusedWith(500));
  });
});

describe("the answer of $connect", () => {
  it.each([401, 403, 409, 503])("refuses the handshake with its own status %i", async (statusCode) => {
    expect(await handshake({ connect: async () => ({ statusCode }) })).toMatchObject(refusedWith(statusCode));
    expect(rig.gateway.connections.list()).toEqual([]);
    expect(rig.seen.disconnect).toEqual([]);
  });

  it("is 502 when it throws or makes no sense", async () => {
    expect(await handshake({ connect: () => Promise.reject(new Error("boom")) })).toMatchObject(refusedWith(502));
    await rig.stop();
    const nonsense = (async () => ({ ok: true })) as unknown as Handlers["connect"];
    expect(await handshake({ connect: nonsense })).toMatchObject(refusedWith(502));
  });

  it("chooses the subprotocol by its header, however spelled", async () => {
    rig = await startRig({ handlers: { connect: async () => ({ statusCode: 200, headers: { "SEC-WebSocket-Protocol": "tether.v1" } }) } });
    const { socket, opened } = await rig.connect({ protocols: ["ticket.abc", "tether.v1"] });
    expect(opened).toBe(true);
    expect(socket.protocol).toBe("tether.v1");
  });

  it("leaves a client that offered subprotocols without one when it names none", async () => {
    rig = await startRig();
    const ended = await rig.connect({ protocols: ["tether.v1"] });
    expect(ended).toMatchObject({ opened: false, errors: ["Server sent no subprotocol"] });
  });
});

describe("the authorizer's identity sources", () => {
  it.each([
    ["route.request.header.Sec-WebSocket-Protocol", true],
    ["route.request.header.sec-websocket-protocol", false],
    ["route.request.header.Authorization", false],
    ["route.request.querystring.token", true],
    ["route.request.querystring.other", false],
    ["route.request.querystring.empty", false],
    ["context.connectionId", true],
    ["context.nothing", false],
  ])("ask for %s in its own case, and without it the answer is 401 and no Lambda runs", async (source, asked) => {
    rig = await startRig({ identitySources: [source] });
    const ended = await rig.connect({ path: "/local?token=1&empty=", protocols: ["tether.v1"] });
    expect(rig.seen.authorizer).toHaveLength(asked ? 1 : 0);
    if (!asked) expect(ended).toMatchObject(refusedWith(401));
  });
});

describe("the way in", () => {
  it("answers 429 beyond the rate of new connections, and lets in again as time goes by", async () => {
    rig = await startRig({ connectsPerSecond: 2 });
    const first = [await rig.connect(), await rig.connect(), await rig.connect()];
    expect(first.map(({ opened }) => opened)).toEqual([true, true, false]);
    expect(only(first.slice(2))).toMatchObject(refusedWith(429));
    await rig.clock.advance(499);
    expect(await rig.connect()).toMatchObject(refusedWith(429));
    await rig.clock.advance(1);
    expect(await rig.connect()).toMatchObject({ opened: true });
    expect(rig.gateway.counts()).toMatchObject({ connects: 3, refused: 2 });
  });

  it("does not touch upgrades of other paths", async () => {
    rig = await startRig();
    expect(await rig.connect({ path: "/elsewhere" })).toMatchObject({ opened: false });
    expect(rig.seen.authorizer).toEqual([]);
  });
});
