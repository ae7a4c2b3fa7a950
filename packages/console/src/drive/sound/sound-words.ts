import type { SeenSound, Speaker } from "@tether/sdk/peer/cameras";
import type { TalkState } from "./talking.ts";

/** What keeps the sound from being heard, in words; sound that comes has none. */
export function soundWords({ state, says }: Pick<SeenSound<unknown>, "state" | "says">): string | undefined {
  if (state === "failed") return `The microphone failed: ${says ?? ""} It is started again.`;
  if (state === "paused") return "The sound is paused: the connection does not bear it beside the picture.";
  return state === "starting" ? "The microphone starts." : undefined;
}

/** What keeps the robot from being talked to, in words. */
export function talkWords(state: TalkState, { state: speaker, says }: Speaker): string | undefined {
  if (state === "asking") return "The browser asks for the microphone.";
  if (state === "refused") return "The browser gave no microphone. Allow it for this page, and talk again.";
  return speaker === "failed" ? `The speaker failed: ${says ?? ""} It is started again.` : undefined;
}
