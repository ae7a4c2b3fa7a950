import { beforeEach, describe, expect, it } from "vitest";
import { type ClientEnd, createLinks, type GatewayEnd, type Links } from "../../src/clock/link.ts";

let links: Links;
let client: ClientEnd;
let gateway: GatewayEnd;

function opened(): void {
  links = createLinks(() => {});
  client = links.open("1>2", "socket");
  const found = links.find("1>2");
  if (!found) throw new Error("no link");
  gateway = found;
  gateway.attached();
  client.opened();
}

describe("an open link", () => {
  beforeEach(opened);

  it("is quiet", () => {
    expect(links.busy()).toEqual([]);
  });

  const journeys: [string, () => void, () => void, string][] = [
    ["a frame to the gateway", () => client.sent(), () => gateway.received(), "1 frame(s) to the gateway on socket"],
    ["a frame to the client", () => gateway.sent(), () => client.received(), "1 frame(s) to the client on socket"],
    ["a ping", () => client.pinged(), () => client.ponged(), "pong to the client on socket"],
  ];
  it.each(journeys)("is busy while %s is on its way", (_name, leaves, arrives, label) => {
    leaves();
    expect([links.busy(), links.isBusy()]).toEqual([[label], true]);
    arrives();
    expect([links.busy(), links.isBusy()]).toEqual([[], false]);
  });

  it("is busy from the first end's close to the other's, whichever is first", () => {
    client.closed();
    expect(links.busy()).toEqual(["close of socket, not seen by the gateway yet"]);
    gateway.closed();
    expect(links.busy()).toEqual([]);
    opened();
    gateway.closed();
    expect(links.busy()).toEqual(["close of socket, not seen by the client yet"]);
    client.closed();
    expect(links.busy()).toEqual([]);
  });

  it.each(["client", "gateway"] as const)("is busy as soon as the %s begins to close", (end) => {
    if (end === "client") client.closing();
    else gateway.closing();
    expect(links.busy()).toEqual(["closing of socket"]);
  });

  it("forgets frames that were on their way when both ends have closed", () => {
    client.sent();
    gateway.sent();
    client.closed();
    gateway.closed();
    expect(links.busy()).toEqual([]);
  });

  it("counts nothing once its network is lost", () => {
    client.sent();
    gateway.lost();
    client.pinged();
    client.closed();
    expect([links.busy(), client.lost(), links.find("1>2")]).toEqual([[], true, undefined]);
  });

  it("is not disturbed by an older link of the same ports", () => {
    const older = { client, gateway };
    older.client.closed();
    const newer = links.open("1>2", "newer");
    older.gateway.closed();
    expect(links.busy()).toEqual(["handshake of newer"]);
    newer.closed();
    expect(links.busy()).toEqual([]);
  });
});

describe("a link that is not open yet", () => {
  it("is busy, but for the time its handshake waits for the clock", () => {
    links = createLinks(() => {});
    links.open("1>2", "socket");
    expect(links.busy()).toEqual(["handshake of socket"]);
    const resume = links.find("1>2")?.suspend();
    expect(links.busy()).toEqual([]);
    resume?.();
    expect(links.busy()).toEqual(["handshake of socket"]);
  });

  it("is over when it is refused, or opened by a server that does not count", () => {
    links = createLinks(() => {});
    links.open("1>2", "refused").closed();
    const foreign = links.open("3>4", "foreign");
    foreign.opened();
    foreign.sent();
    expect(links.busy()).toEqual([]);
  });
});
