import type { Facts } from "./story.ts";

/** The robot's timeline, oldest first, a line an entry. */
export function timelineInWords(timeline: Facts["timeline"]): string {
  return [...timeline]
    .reverse()
    .map(({ at, says }) => `  ${new Date(at).toISOString().slice(11, 23)}  ${says}`)
    .join("\n");
}

export function inWords({ signalsSent, signalsLost, signalsDoubled, timeline }: Facts): string {
  return `\n${signalsSent} signals were sent, ${signalsLost} lost, ${signalsDoubled} doubled.\n\nThe robot's timeline:\n${timelineInWords(timeline)}`;
}
