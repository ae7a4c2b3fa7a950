import { expect, test } from "vitest";
import { mediaSectionsIn, voiceTypeIn } from "../../../src/media/native/media-section.ts";
import { extensions } from "../../../src/media/rtp.ts";

/** A section as Chromium 156 writes it, in part. */
const section = (mid: string, port: number, ...lines: string[]) => [
  `m=video ${port} UDP/TLS/RTP/SAVPF 96 103 108`,
  `a=mid:${mid}`,
  ...lines,
];
const codecs = [
  "a=rtpmap:96 VP8/90000",
  "a=rtpmap:97 rtx/90000",
  "a=fmtp:97 apt=96",
  "a=rtpmap:103 H264/90000",
  "a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f",
  "a=rtpmap:107 H264/90000",
  "a=fmtp:107 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f",
  "a=rtpmap:108 H264/90000",
  "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
];
const sdp = (...sections: string[][]) => ["v=0", "a=group:BUNDLE 0 1", ...sections.flat()].map((line) => `${line}\r\n`).join("");

test("the places of an offer have the payload types and the extensions' numbers of who offers [W1.3]", () => {
  const extmaps = [
    `a=extmap:2 ${extensions.sendTime.uri}`,
    `a=extmap:4 ${extensions.transportSequence.uri}`,
    `a=extmap:5/recvonly ${extensions.playoutDelay.uri}`,
  ];
  const offer = sdp(
    section("0", 9, ...extmaps, "a=recvonly", ...codecs),
    section("1", 9, `a=extmap:15 ${extensions.sendTime.uri}`, "a=sendrecv", ...codecs.slice(0, 5)),
    ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:2"],
  );
  expect(mediaSectionsIn(offer)).toEqual([
    { mid: "0", payloadTypes: { vp8: 96, h264: 108, opus: undefined }, ids: { sendTime: 2, transportSequence: 4, playoutDelay: 5 } },
    { mid: "1", payloadTypes: { vp8: 96, h264: 103, opus: undefined }, ids: { sendTime: undefined, playoutDelay: undefined } },
  ]);
});

test("a place for a sound is one for Opus [V5]", () => {
  const sound = ["m=audio 9 UDP/TLS/RTP/SAVPF 63 111", "a=mid:3", "a=recvonly", "a=rtpmap:63 red/48000/2", "a=rtpmap:111 opus/48000/2"];
  const [place] = mediaSectionsIn(sdp([...sound, `a=extmap:4 ${extensions.transportSequence.uri}`]));
  expect(place).toEqual({ mid: "3", payloadTypes: { opus: 111 }, ids: { transportSequence: 4 } });
});

test("there is no place where nothing is to be received, in a section that is refused, or without a codec", () => {
  expect(mediaSectionsIn(sdp(section("0", 9, "a=sendonly", ...codecs), section("1", 0, "a=recvonly", ...codecs)))).toEqual([]);
  expect(mediaSectionsIn(sdp(section("0", 9, "a=recvonly")))).toMatchObject([{ payloadTypes: { h264: undefined, vp8: undefined } }]);
  expect(mediaSectionsIn("nonsense")).toEqual([]);
});

test("a voice is one in Opus, in the section of its mid [V8]", () => {
  const sound = (mid: string, ...lines: string[]) => ["m=audio 9 UDP/TLS/RTP/SAVPF 111", `a=mid:${mid}`, "a=sendonly", ...lines];
  const offer = sdp(section("0", 9, ...codecs), sound("1", "a=rtpmap:0 PCMU/8000"), sound("2", "a=rtpmap:109 opus/48000/2"));
  expect(["0", "1", "2", "3"].map((mid) => voiceTypeIn(offer, mid))).toEqual([undefined, undefined, 109, undefined]);
});
