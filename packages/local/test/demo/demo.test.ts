import { expect, test } from "vitest";
import { tellStory } from "../../src/demo/story.ts";
import { inWords } from "../../src/demo/words.ts";

/** Patterns that must never be in a log: a compact JWS (tickets, tokens, assertions), SDP, a candidate. */
const secret = /eyJ[\w-]{8,}\.|v=0|a=ice|candidate:|"sdp"/;

test("the demo's story holds, every parting has a cause, and no ticket, token or SDP reaches a log line", async () => {
  const lines: string[] = [];
  const told: string[] = [];
  const facts = await tellStory(
    (line) => told.push(line),
    (line) => lines.push(JSON.stringify(line)),
  );
  expect(facts).toMatchObject({
    connectedOverWebRtc: true,
    commandsAnswered: 20,
    robotItemUntouched: true,
    clientResumed: true,
    robotReturned: true,
    dataChannelClosed: false,
    signalsSent: 80,
    signalsLost: 0,
    signalsDoubled: 0,
  });
  expect(facts.events.map(({ to, event, cause, actor }) => [to, event, cause, actor])).toEqual([
    ["robot", "peer.away", "connection.lost", "gateway"],
    ["robot", "peer.ended", "client.left", "user"],
    ["client", "peer.away", "connection.lost", "gateway"],
  ]);
  const endings = facts.timeline.filter(({ type }) => type === "session.away" || type === "session.ended");
  expect(endings.map(({ cause }) => cause).sort()).toEqual(["client.left", "connection.lost", "connection.lost", "robot.left"]);
  expect(told).toHaveLength(6);
  expect(inWords(facts)).toContain("80 signals were sent, 0 lost, 0 doubled.");
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.filter((line) => secret.test(line))).toEqual([]);
});

test("what the log is searched for is what tickets, tokens and SDP look like", () => {
  const jws = `${Buffer.from('{"alg":"HS256"}').toString("base64url")}.e30.x`;
  for (const text of [jws, "v=0\r\no=- 1", "a=ice-ufrag:x", "candidate:1 1 udp"]) expect(text).toMatch(secret);
});
