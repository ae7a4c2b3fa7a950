import type { payloadTypes } from "../camera/source.ts";
import { type ExtensionIds, extensions } from "../rtp.ts";

type Codec = keyof typeof payloadTypes;

/** A media section of an offer that a camera or the sound may be sent in: how the client names what is sent there is for the client to say (RFC 3264 §6.1). */
export type MediaSection = { readonly mid: string; readonly payloadTypes: { readonly [Of in Codec]?: number }; readonly ids: ExtensionIds };

/** The media sections in an offer, in their order. W1.3 */
export function mediaSectionsIn(sdp: string): readonly MediaSection[] {
  const sections = sdp.split(/^(?=m=)/m).slice(1);
  return sections.flatMap((section) => {
    const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
    if (mid === undefined || !/^m=(video|audio) [1-9]/.test(section) || !/^a=(recvonly|sendrecv)\s*$/m.test(section)) return [];
    const idOf = (uri: string) => {
      const id = [...section.matchAll(/^a=extmap:(\d+)\S* (\S+)/gm)].find(([, , of]) => of === uri)?.[1];
      // Greater numbers do not fit into the one-byte header.
      return id !== undefined && Number(id) <= 14 ? Number(id) : undefined;
    };
    const ids = {
      sendTime: idOf(extensions.sendTime.uri),
      transportSequence: idOf(extensions.transportSequence.uri),
      playoutDelay: idOf(extensions.playoutDelay.uri),
    };
    const [[vp8], [opus]] = [typesOf(section, "vp8/90000"), typesOf(section, "opus/48000/2")];
    return [{ mid, payloadTypes: { h264: h264In(section), vp8, opus }, ids }];
  });
}

/** The payload type of the sound that a client sends in the section of that mid; undefined where it is none in Opus. V8 */
export function voiceTypeIn(sdp: string, mid: string): number | undefined {
  const section = sdp.split(/^(?=m=)/m).find((one) => /^m=audio [1-9]/.test(one) && /^a=mid:(\S+)/m.exec(one)?.[1] === mid);
  return section === undefined ? undefined : typesOf(section, "opus/48000/2")[0];
}

const typesOf = (section: string, codec: string) =>
  [...section.matchAll(/^a=rtpmap:(\d+) (\S+)/gm)].filter(([, , of]) => of?.toLowerCase() === codec).map(([, type]) => Number(type));

/** Baseline in packets of several units: the constrained one, which is what cameras send, before any other. */
function h264In(section: string): number | undefined {
  const found = typesOf(section, "h264/90000").map((type) => ({
    type,
    says: new RegExp(`^a=fmtp:${type} (.*)$`, "m").exec(section)?.[1] ?? "",
  }));
  const fit = found.filter(({ says }) => says.includes("packetization-mode=1"));
  const like = (profile: RegExp) => fit.find(({ says }) => profile.test(says))?.type;
  return like(/profile-level-id=42[eE]0/) ?? like(/profile-level-id=42/);
}
