import { afterEach, describe, expect, it } from "vitest";
import { only, type Rig, startAt, startRig } from "./rig.ts";

let rig: Rig;
afterEach(() => rig.stop());

describe("the events of one connection", () => {
  async function wholeLife() {
    rig = await startRig({ handlers: { connect: async () => ({ statusCode: 200, headers: { "sec-websocket-protocol": "tether.v1" } }) } });
    const { socket } = await rig.connect({ path: "/local?a=1&a=2&b=3", protocols: ["tether.v1", "ticket.abc"] });
    await rig.clock.advance(1_500);
    socket.send(JSON.stringify({ type: "hello" }));
    await rig.quiet.idle();
    socket.close(4001, "enough");
    await rig.quiet.idle();
    return {
      authorizer: only(rig.seen.authorizer),
      connect: only(rig.seen.connect),
      message: only(rig.seen.default),
      disconnect: only(rig.seen.disconnect),
    };
  }

  const id = expect.stringMatching(/^[\w-]{15}=$/);

  it("asks the authorizer with headers, query and the $connect ARN", async () => {
    const { authorizer } = await wholeLife();
    expect(authorizer).toMatchObject({
      type: "REQUEST",
      methodArn: expect.stringMatching(/^arn:aws:execute-api:[^/]+:local\/local\/\$connect$/),
      headers: { "Sec-WebSocket-Protocol": "tether.v1,ticket.abc", "X-Forwarded-For": "127.0.0.1" },
      multiValueHeaders: { "Sec-WebSocket-Protocol": ["tether.v1,ticket.abc"] },
      queryStringParameters: { a: "2", b: "3" },
      multiValueQueryStringParameters: { a: ["1", "2"], b: ["3"] },
      stageVariables: {},
      requestContext: { routeKey: "$connect", eventType: "CONNECT", connectedAt: startAt, connectionId: id },
    });
    expect(authorizer.requestContext).not.toHaveProperty("authorizer");
  });

  it("gives $connect the whole context and no messageId", async () => {
    const { connect, authorizer } = await wholeLife();
    const { connectionId } = authorizer.requestContext;
    expect(connect.requestContext).toEqual({
      routeKey: "$connect",
      eventType: "CONNECT",
      messageDirection: "IN",
      stage: "local",
      apiId: "local",
      domainName: new URL(rig.url).host,
      connectionId,
      connectedAt: startAt,
      requestTimeEpoch: startAt,
      requestTime: "23/Nov/2026:12:00:00 +0000",
      requestId: id,
      extendedRequestId: connect.requestContext.requestId,
      identity: { sourceIp: "127.0.0.1" },
      authorizer: { principalId: "user-1", integrationLatency: 0, kind: "client", epoch: "7", admin: "true" },
    });
    expect(connect.isBase64Encoded).toBe(false);
    expect(connect.headers["Sec-WebSocket-Protocol"]).toBe("tether.v1,ticket.abc");
  });

  it("gives a message its body, its own ids and no headers", async () => {
    const { message, connect } = await wholeLife();
    expect(message).toEqual({
      body: '{"type":"hello"}',
      isBase64Encoded: false,
      requestContext: {
        ...connect.requestContext,
        routeKey: "$default",
        eventType: "MESSAGE",
        messageId: id,
        requestId: id,
        extendedRequestId: message.requestContext.requestId,
        requestTimeEpoch: startAt + 1_500,
        requestTime: "23/Nov/2026:12:00:01 +0000",
      },
    });
    expect(message.requestContext.requestId).not.toBe(connect.requestContext.requestId);
  });

  it("carries the authorizer's context on $disconnect too, with the close code and reason", async () => {
    const { disconnect, connect } = await wholeLife();
    expect(disconnect).toEqual({
      headers: { Host: connect.requestContext.domainName, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" },
      multiValueHeaders: { Host: [connect.requestContext.domainName], "x-api-key": [""], "X-Forwarded-For": [""], "x-restapi": [""] },
      isBase64Encoded: false,
      requestContext: {
        ...connect.requestContext,
        routeKey: "$disconnect",
        eventType: "DISCONNECT",
        disconnectStatusCode: 4001,
        disconnectReason: "enough",
        requestId: id,
        extendedRequestId: disconnect.requestContext.requestId,
        requestTimeEpoch: startAt + 1_500,
        requestTime: "23/Nov/2026:12:00:01 +0000",
      },
    });
  });

  it("leaves the query's fields out when there is none", async () => {
    rig = await startRig();
    await rig.connect();
    expect(only(rig.seen.connect)).not.toHaveProperty("queryStringParameters");
    expect(only(rig.seen.authorizer)).not.toHaveProperty("multiValueQueryStringParameters");
  });

  it("closes with 1003 at a binary frame, which reaches no Lambda", async () => {
    rig = await startRig();
    const ended = await rig.connect();
    ended.socket.send(new Uint8Array([0, 255, 1]));
    await rig.quiet.idle();
    expect([rig.seen.default, ended.closed?.code]).toEqual([[], 1003]);
  });

  it("names a close without a code 1005, and one without a close frame 1006", async () => {
    rig = await startRig();
    const first = await rig.connect();
    first.socket.close();
    await rig.quiet.idle();
    const second = await rig.connect();
    rig.gateway.connections.cut(only(rig.gateway.connections.list()).connectionId);
    await rig.quiet.idle();
    expect(second.closed?.code).toBe(1006);
    expect(rig.seen.disconnect.map(({ requestContext }) => requestContext.disconnectStatusCode)).toEqual([1005, 1006]);
  });
});
