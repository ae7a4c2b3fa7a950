import { PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { afterEach, describe, expect, it } from "vitest";
import { createFaults } from "../../src/fault/faults.ts";
import { parseFaults } from "../../src/fault/parse.ts";
import { createAccount } from "../../src/gateway/account.ts";
import { only, type Rig, startRig } from "./rig.ts";

let rig: Rig;

describe("an account", () => {
  function under(text: string) {
    let now = 0;
    const faults = createFaults({ random: () => 0, permanent: parseFaults(text) });
    return { account: createAccount({ time: { now: () => now }, faults }), faults, pass: (ms: number) => (now += ms) };
  }

  it("takes a burst of requests, then its rate", () => {
    const { account, faults, pass } = under("account=requests:100:3");
    const admitted = () => Array.from({ length: 5 }, () => account.admits()).filter(Boolean).length;
    expect(admitted()).toBe(3);
    pass(20);
    expect(admitted()).toBe(2);
    expect(faults.struck()).toEqual({ "account.requests": 5 });
  });

  it("runs so many functions at once, whichever they are, and the next as soon as one is done", () => {
    const { account, faults } = under("lambda=concurrency:2");
    const first = account.enter();
    expect([typeof account.enter(), account.enter()]).toEqual(["function", undefined]);
    first?.();
    expect(typeof account.enter()).toBe("function");
    expect(faults.struck()).toEqual({ "lambda.concurrency": 1 });
  });

  it("has no limit where none is in force", () => {
    const { account } = under("");
    expect([account.admits(), typeof account.enter()]).toEqual([true, "function"]);
  });
});

describe("the gateway of an account whose requests are used up", () => {
  afterEach(() => rig.stop());

  it("refuses handshakes by 429, tells who sends a message, answers posts 429, and takes all again with time", async () => {
    rig = await startRig();
    const { received, socket } = await rig.connect();
    const { connectionId: ConnectionId } = only(rig.gateway.connections.list());
    const post = () => rig.api.send(new PostToConnectionCommand({ ConnectionId, Data: "x" }));
    rig.faults.set(parseFaults("account=requests:1:0.5"));
    socket.send("lost");
    await rig.quiet.idle();
    expect(rig.seen.default).toEqual([]);
    expect(JSON.parse(only(received))).toMatchObject({ message: "Too Many Requests", connectionId: ConnectionId });
    await expect(post()).rejects.toMatchObject({ $metadata: { httpStatusCode: 429 } });
    expect((await rig.connect()).errors).toEqual(["Unexpected server response: 429"]);
    rig.faults.set([]);
    socket.send("taken");
    await rig.quiet.idle();
    expect(only(rig.seen.default).body).toBe("taken");
  });
});

describe("the gateway of an account whose functions all run", () => {
  afterEach(() => rig.stop());

  it("answers a handshake 500, tells who sends a message, and $disconnect is lost", async () => {
    rig = await startRig();
    const { received, socket } = await rig.connect();
    rig.faults.set(parseFaults("lambda=concurrency:0"));
    expect((await rig.connect()).errors).toEqual(["Unexpected server response: 500"]);
    socket.send("lost");
    await rig.quiet.idle();
    expect(JSON.parse(only(received))).toMatchObject({ message: "Internal server error" });
    socket.close(1000);
    await rig.quiet.idle();
    expect([rig.seen.default, rig.seen.disconnect, rig.seen.authorizer.length]).toEqual([[], [], 1]);
  });

  it("answers 502 where only the authorizer still ran", async () => {
    let connects = 0;
    rig = await startRig({
      handlers: {
        async authorizer(event) {
          rig.faults.set(parseFaults("lambda=concurrency:0"));
          return {
            principalId: "a",
            policyDocument: { Version: "1", Statement: [{ Effect: "Allow", Action: "*", Resource: event.methodArn }] },
          };
        },
        async connect() {
          connects++;
          return { statusCode: 200 };
        },
      },
    });
    expect((await rig.connect()).errors).toEqual(["Unexpected server response: 502"]);
    expect(connects).toBe(0);
  });
});
