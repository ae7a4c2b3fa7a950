import type { Account } from "@tether/protocol/account";
import { causes } from "@tether/protocol/cause";
import { makeInstance, type Reason, serve } from "@tether/sdk/robot";
import type { Enrolled } from "../state/key-file.ts";
import { keysIn, type Store } from "../state/store.ts";
import type { CommandEnv } from "./env.ts";

/** The time in which the robot must come online to tell, in ms. Otherwise the account is left for the next start. */
const tellMs = 30_000;

type Unready = {
  readonly enrolled: Enrolled;
  readonly api: string;
  readonly store: Store;
  readonly account: { before(): Account | undefined; online(): void };
};

/**
 * Brings a robot whose driver is not ready online for as long as it takes to sign off with that as the cause. Such a robot is never
 * online otherwise, so nobody could know from afar why. The status for `tether-robot status` does not change by it. Resolves with the reason
 * of the session's end.
 */
export async function tellUnready(
  { platform, say, stopped }: Pick<CommandEnv, "platform" | "say" | "stopped">,
  { enrolled, api, store, account }: Unready,
  why: Account,
): Promise<Reason | undefined> {
  if (stopped.aborted) return undefined;
  const { says, remedy } = causes[why.cause];
  say.event(`The robot comes online to tell of it: ${says} ${remedy}`, { event: "driver.unready", cause: why.cause });
  const keys = keysIn(store, platform.clock);
  const session = serve({ api, robot: enrolled.robot.id, keys, instance: makeInstance(platform), before: account.before(), platform });
  return new Promise<Reason | undefined>((resolve) => {
    const giveUp = () => session.close();
    const cancel = platform.clock.after(tellMs, giveUp);
    stopped.addEventListener("abort", giveUp, { once: true });
    session.on("state", ({ status, why: reason }) => {
      if (status === "online") {
        account.online();
        void session.leave(says, why);
      }
      if (status !== "stopped") return;
      cancel();
      stopped.removeEventListener("abort", giveUp);
      resolve(reason);
    });
  });
}
