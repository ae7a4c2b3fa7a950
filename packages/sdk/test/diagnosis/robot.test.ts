import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { hasPicture, pathIn, refusesVideo } from "../../src/diagnosis/meeting.ts";
import { keyOf, presenceOf, robotClockOf } from "../../src/diagnosis/robot.ts";

const { rotateAfterMs, expiresMs } = limits.credential;
const now = 1_780_000_000_000;

test("a robot that was never online is said to be so, and one that is gone is so with the cause", () => {
  expect(presenceOf({ name: "Rover", presence: { state: "offline" } })).toMatchObject({
    result: "bad",
    code: "robot.never",
    says: "Rover has never been online.",
  });
  expect(presenceOf({ name: "Rover" }).says).toBe("Rover has never been online.");
  const ending = {
    cause: "power.lost",
    actor: { type: "robot" },
    inferred: false,
    says: "The power went.",
    remedy: "Look at the battery.",
  } as const;
  expect(presenceOf({ name: "Rover", presence: { state: "away", since: now, ending } })).toEqual({
    result: "bad",
    code: "power.lost",
    says: `Rover is away since ${new Date(now).toISOString().slice(0, 19)}Z. The power went.`,
    remedy: "Look at the battery.",
  });
  expect(presenceOf({ name: "Rover", presence: { state: "online", since: now } })).toEqual({ result: "good", says: "Rover is online." });
});

test.each([
  [[], "bad", "has no key"],
  [[{ state: "revoked", registeredAt: now }], "bad", "all were retired or revoked"],
  [[{ state: "active", registeredAt: now - 5 * 86_400_000, activatedAt: now - 86_400_000 }], "good", "1 day old."],
  [[{ state: "active", registeredAt: 0, activatedAt: now - rotateAfterMs + 1 }], "good", "29 days old."],
  [[{ state: "active", registeredAt: 0, activatedAt: now - rotateAfterMs }], "good", "due to be rotated"],
  [[{ state: "active", registeredAt: 0, activatedAt: now - expiresMs + 1 }], "good", "due to be rotated"],
  [[{ state: "active", registeredAt: 0, activatedAt: now - expiresMs }], "bad", "past its date"],
  [
    [
      { state: "revoked", registeredAt: 0 },
      { state: "pending", registeredAt: now },
    ],
    "good",
    "0 days old.",
  ],
] as const)("the keys %j are %s: %s", (keys, result, says) => {
  expect(keyOf(keys, now)).toMatchObject({ result, says: expect.stringContaining(says) });
});

test.each([
  [0, "good"],
  [60_000, "good"],
  [60_101, "bad"],
  [-60_000, "good"],
  [-60_101, "bad"],
  [-now, "bad"],
])("a robot whose clock is %i ms ahead of the service's is %s, whatever this machine's says [P17]", (aheadMs, result) => {
  const own = 7 * 3_600_000;
  const asked = { clock: now + aheadMs, sentAt: now + own - 100, heardAt: now + own + 100 };
  const finding = robotClockOf("Rover", asked, own);
  expect(finding).toMatchObject({ result, ...(result === "bad" && { code: "robot.clock" }) });
});

const pair = { type: "candidate-pair", nominated: true, state: "succeeded", localCandidateId: "l", remoteCandidateId: "r" };
const end = (id: string, candidateType: string) => ({ type: "candidate", id, candidateType });

test.each([
  [[pair, end("l", "host"), end("r", "srflx")], "direct"],
  [[pair, end("l", "relay"), end("r", "host")], "relay"],
  [[pair, end("l", "host"), end("r", "relay")], "relay"],
  [[{ ...pair, id: "p", state: "in-progress" }, { type: "transport", selectedCandidatePairId: "p" }, end("l", "relay")], "relay"],
  [
    [{ ...pair, localCandidateId: "o" }, { ...pair, id: "p" }, { type: "transport", selectedCandidatePairId: "p" }, end("o", "relay")],
    "direct",
  ],
  [[{ ...pair, nominated: false }, end("l", "relay")], "unknown"],
  [[pair, end("other", "relay")], "direct"],
] as const)("the path of %j is %s", (stats, path) => {
  expect(pathIn(stats)).toBe(path);
});

test.each([
  [{ type: "inbound-rtp", kind: "video", framesDecoded: 1 }, true],
  [{ type: "inbound-rtp", mediaType: "video", bytesReceived: 900 }, true],
  [{ type: "inbound-rtp", kind: "video", framesDecoded: 0, bytesReceived: 0 }, false],
  [{ type: "inbound-rtp", kind: "audio", bytesReceived: 900 }, false],
  [{ type: "outbound-rtp", kind: "video", bytesReceived: 900 }, false],
])("with %j there is a picture: %s", (stat, is) => {
  expect(hasPicture([stat])).toBe(is);
});

test.each([
  ["no description yet", undefined, false],
  ["no video in it", "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", false],
  ["a video that is taken", "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n", false],
  ["one of two that is taken", "v=0\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\nm=video 9 UDP/TLS/RTP/SAVPF 97\r\n", false],
  ["one that is refused", "v=0\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n", true],
])("a picture whose encoding is not known here is told from one that does not come: %s", (_what, sdp, is) => {
  expect(refusesVideo(sdp)).toBe(is);
});
