import type { TimelinePage } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import type { Setup } from "./setup.ts";

/** Prints what is new on a robot's timeline, a sentence a line. It looks only when `changed` says that something happened. */
export function createFeed(env: { setup: Setup; print: (line: string) => void }, robot: RobotId) {
  let shown: string | undefined;
  let state: "still" | "looking" | "looking again" = "still";

  async function look(): Promise<void> {
    const items = await env.setup.timeline(robot);
    const known = items.findIndex(({ id }) => id === shown);
    const fresh = known === -1 ? items : items.slice(0, known);
    shown = items[0]?.id ?? shown;
    for (const item of [...fresh].reverse()) env.print(line(item));
  }

  async function lookUntilStill(): Promise<void> {
    do {
      state = "looking";
      // The feed is for the eye: a look that fails is made up for by the next one.
      await look().catch(() => undefined);
    } while (isAgain());
    state = "still";
  }

  const isAgain = () => state === "looking again";

  return {
    changed() {
      if (state === "still") void lookUntilStill();
      else state = "looking again";
    },
  };
}

function line({ at, says }: TimelinePage["items"][number]): string {
  return `${new Date(at).toLocaleTimeString("en-GB")}  ${says}`;
}
