import * as native from "node-datachannel";
import type { payloadTypes } from "../camera/source.ts";

/** Constrained baseline, level 3.1: what every browser decodes (RFC 7742 §6.2). */
const h264Profile = "profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1";
const opusProfile = "minptime=10;useinbandfec=1";

/** The library's description of a place in which a source is sent. */
export function mediaOf(mid: string, codec: keyof typeof payloadTypes, payloadType: number): native.Audio | native.Video {
  if (codec === "opus") {
    const audio = new native.Audio(mid, "SendOnly");
    audio.addOpusCodec(payloadType, opusProfile);
    return audio;
  }
  const video = new native.Video(mid, "SendOnly");
  if (codec === "h264") video.addH264Codec(payloadType, h264Profile);
  else video.addVP8Codec(payloadType);
  return video;
}
