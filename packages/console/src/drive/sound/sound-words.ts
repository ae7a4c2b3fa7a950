import type { SeenSound, Speaker } from "@tether/sdk/peer/cameras";
import type { TalkState } from "./talking.ts";

/** What keeps the sound from being heard, in words; sound that comes has none. */
export function soundWords({ state, says }: Pick<SeenSound<unknown>, "state" | "says">): string | undefined {
  if (state === "failed") return `The microphone failed: ${says ?? ""} It is started again.`;
  if (state === "paused") return "The sound is paused: the connection does not bear it beside the picture.";
  return state === "starting" ? "The microphone starts." : undefined;
}

const talkStates: { readonly [State in TalkState]?: string } = {
  asking: "The browser asks for the microphone.",
  refused: "The browser gave no microphone. Allow it for this page, and talk again.",
  missing: "There is no microphone. Connect one, and talk again.",
  failed: "The microphone cannot be used; another program may have it. Talk again.",
  gone: "The microphone is gone. Talk again to ask for one.",
};

/** Whether one is heard at the robot, and what keeps one from that, in words; `speaker` is undefined while another peer connection is made. */
export function talkWords(state: TalkState, speaker: Speaker | undefined): string | undefined {
  const own = talkStates[state];
  if (own !== undefined) return own;
  if (speaker?.state === "failed") return `The speaker failed: ${speaker.says ?? ""} It is started again.`;
  if (state === "off") return undefined;
  return state === "on" && speaker?.state === "live" ? "You are heard at the robot." : "The speaker starts.";
}
