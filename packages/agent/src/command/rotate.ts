import { rotate as rotateKey } from "@tether/sdk/robot";
import { isTrouble } from "../exit.ts";
import { refusalOf } from "../refusal.ts";
import { keysIn } from "../state/store.ts";
import { readEnrollment } from "./enrollment.ts";
import type { CommandEnv, Outcome } from "./env.ts";

const steps: Readonly<Record<string, string>> = {
  "key.made": "A new key is on disk.",
  "key.announced": "The service knows it.",
  "key.current": "It bought its first ticket and is the current one.",
  "key.unsaved": "The key file could not be written; both keys stay in it.",
};

/** Rotates the key now. A running agent stays online and uses the new key for its next ticket. */
export async function rotate(env: CommandEnv, { retireNow }: { readonly retireNow: boolean }): Promise<Outcome> {
  const { config, platform, say } = env;
  const open = await readEnrollment(env);
  if (isTrouble(open)) return open;
  const { store, enrolled, api } = open;
  const log = ({ event }: { readonly event: string }) => {
    const words = steps[event];
    if (words !== undefined) say.progress(words);
  };
  const rotation = { ...platform, api, robot: enrolled.robot.id, keys: keysIn(store, platform.clock), log };
  const rotated = await rotateKey(rotation, { retireNow, algorithm: config.algorithm });
  if ("refusal" in rotated) return refusalOf(rotated.refusal.reason);
  const { kid, replaced, resumed } = rotated;
  const old = retireNow && !resumed ? "is retired" : "is taken for another day";
  say.result(`${resumed ? "Finished the rotation that was begun before" : "Rotated"}: ${kid} is the key. ${replaced} ${old}.`, {
    rotated: true,
    kid,
    replaced,
    resumed,
  });
  return "done";
}
