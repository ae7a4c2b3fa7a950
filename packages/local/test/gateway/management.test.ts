import {
  ApiGatewayManagementApiClient,
  ApiGatewayManagementApiServiceException,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { limits } from "@tether/protocol/limits";
import { afterEach, describe, expect, it } from "vitest";
import { only, type Rig, startAt, startRig } from "./rig.ts";

let rig: Rig;
afterEach(() => rig.stop());

async function connected() {
  rig = await startRig();
  const ended = await rig.connect();
  return { ended, ConnectionId: only(rig.gateway.connections.list()).connectionId };
}

const post = (ConnectionId: string, Data: string | Uint8Array = "x") => rig.api.send(new PostToConnectionCommand({ ConnectionId, Data }));

describe("@connections, by the AWS client", () => {
  it("posts text to the client", async () => {
    const { ended, ConnectionId } = await connected();
    await post(ConnectionId, '{"type":"welcome","name":"Žofie"}');
    await rig.quiet.idle();
    expect(ended.received).toEqual(['{"type":"welcome","name":"Žofie"}']);
    expect(rig.gateway.counts()).toMatchObject({ messagesOut: 1 });
  });

  it("tells when the connection was made and last active", async () => {
    const { ended, ConnectionId } = await connected();
    await rig.clock.advance(60_000);
    ended.socket.send('{"type":"ping"}');
    await rig.clock.advance(60_000);
    const state = await rig.api.send(new GetConnectionCommand({ ConnectionId }));
    expect(state).toMatchObject({
      ConnectedAt: new Date(startAt),
      LastActiveAt: new Date(startAt + 60_000),
      Identity: { SourceIp: "127.0.0.1" },
    });
    await post(ConnectionId);
    expect((await rig.api.send(new GetConnectionCommand({ ConnectionId }))).LastActiveAt).toEqual(new Date(startAt + 120_000));
  });

  it("deletes a connection: it is gone at once, closes 1000, and $disconnect says so", async () => {
    const { ended, ConnectionId } = await connected();
    await rig.api.send(new DeleteConnectionCommand({ ConnectionId }));
    await expect(post(ConnectionId)).rejects.toBeInstanceOf(GoneException);
    await rig.quiet.idle();
    expect(ended.closed).toEqual({ code: 1000, reason: "Connection Closed Normally" });
    expect(only(rig.seen.disconnect).requestContext).toMatchObject({
      disconnectStatusCode: 1000,
      disconnectReason: "Connection Closed Normally",
    });
  });

  it("delivers what was posted before a deletion", async () => {
    const { ended, ConnectionId } = await connected();
    await post(ConnectionId, "bye");
    await rig.api.send(new DeleteConnectionCommand({ ConnectionId }));
    await rig.quiet.idle();
    expect(ended.received).toEqual(["bye"]);
  });

  it.each([GetConnectionCommand, DeleteConnectionCommand])("answers GoneException for a connection that is not there", async (Command) => {
    rig = await startRig();
    await expect(rig.api.send(new Command({ ConnectionId: "never-was-here=" }))).rejects.toMatchObject({
      name: "GoneException",
      $metadata: { httpStatusCode: 410 },
    });
  });

  it("answers 410 to a post before $connect has returned", async () => {
    let inConnect: Promise<unknown> = Promise.resolve();
    rig = await startRig({
      handlers: {
        async connect({ requestContext }) {
          inConnect = post(requestContext.connectionId).catch((error: unknown) => error);
          await inConnect;
          return { statusCode: 200 };
        },
      },
    });
    const { opened } = await rig.connect();
    expect(opened).toBe(true);
    expect(await inConnect).toBeInstanceOf(GoneException);
  });

  it("takes 128 KB and answers PayloadTooLargeException to a byte more", async () => {
    const { ended, ConnectionId } = await connected();
    await post(ConnectionId, "x".repeat(limits.gateway.messageBytes));
    await expect(post(ConnectionId, "x".repeat(limits.gateway.messageBytes + 1))).rejects.toBeInstanceOf(PayloadTooLargeException);
    await rig.quiet.idle();
    expect(ended.received.map(({ length }) => length)).toEqual([limits.gateway.messageBytes]);
  });

  it("wants a signature", async () => {
    const { ConnectionId } = await connected();
    const url = `${rig.url.replace("ws:", "http:")}/@connections/${encodeURIComponent(ConnectionId)}`;
    expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(403);
  });

  it.each([
    ["another key", { accessKeyId: "broker", secretAccessKey: "another" }],
    ["another id", { accessKeyId: "somebody", secretAccessKey: "rig" }],
  ])("refuses a signature by %s", async (_what, credentials) => {
    const { ended, ConnectionId } = await connected();
    const endpoint = rig.url.replace("ws:", "http:");
    const api = new ApiGatewayManagementApiClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    await expect(api.send(new PostToConnectionCommand({ ConnectionId, Data: "x" }))).rejects.toMatchObject({
      name: "InvalidSignatureException",
      $metadata: { httpStatusCode: 403 },
    });
    await rig.quiet.idle();
    expect(ended.received).toEqual([]);
  });

  it("refuses a signature that was made for another body", async () => {
    const { ended, ConnectionId } = await connected();
    const change = (next: (args: { request: { body: unknown } }) => Promise<never>) => (args: { request: { body: unknown } }) => {
      args.request.body = "y";
      return next(args);
    };
    rig.api.middlewareStack.add(
      change as never,
      { step: "finalizeRequest", relation: "after", toMiddleware: "httpSigningMiddleware" } as never,
    );
    await expect(post(ConnectionId)).rejects.toMatchObject({ name: "InvalidSignatureException" });
    await rig.quiet.idle();
    expect(ended.received).toEqual([]);
  });

  it("leaves other paths to others", async () => {
    rig = await startRig();
    const opened = await fetch(rig.url.replace("ws:", "http:"));
    expect([opened.status, await opened.text()]).toEqual([426, expect.stringContaining("by WebSocket")]);
    expect((await fetch(new URL("/elsewhere", rig.url.replace("ws:", "http:")))).status).toBe(404);
    await expect(rig.api.send(new GetConnectionCommand({ ConnectionId: "a/b" }))).rejects.toBeInstanceOf(
      ApiGatewayManagementApiServiceException,
    );
  });
});
