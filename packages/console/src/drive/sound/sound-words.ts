import type { SeenSound } from "@tether/sdk/peer/cameras";

/** What keeps the sound from being heard, in words; sound that comes has none. */
export function soundWords({ state, says }: Pick<SeenSound<unknown>, "state" | "says">): string | undefined {
  if (state === "failed") return `The microphone failed: ${says ?? ""} It is started again.`;
  if (state === "paused") return "The sound is paused: the connection does not bear it beside the picture.";
  return state === "starting" ? "The microphone starts." : undefined;
}
