import { printable } from "@tether/program/printable";
import { hashOfCode, makeKeyPair, redeem, thumbprint } from "@tether/sdk/robot";
import { isTrouble, type Trouble } from "../exit.ts";
import { refusalOf } from "../refusal.ts";
import type { Enrolled, Enrolling, KeyFile } from "../state/key-file.ts";
import { isRunHeld } from "../state/run-lock.ts";
import type { Store } from "../state/store.ts";
import { openKeyStore } from "./enrollment.ts";
import type { CommandEnv, Outcome } from "./env.ts";

export type EnrollOptions = {
  readonly url: string | undefined;
  /** `-`: the code is read from standard input, where no list of processes shows it. */
  readonly code: string;
  /** Enroll even if the robot is enrolled already. */
  readonly again: boolean;
};

/**
 * Makes a key and registers it with a one-time code. The key is on disk before the code is redeemed, so that an interrupted command can
 * be repeated and gets the same answer. N5, N6
 */
export async function enroll(env: CommandEnv, { url, code: given, again }: EnrollOptions): Promise<Outcome> {
  const { platform, say } = env;
  const api = url ?? env.config.api;
  if (api === undefined) return usage("No address to enroll at.", "tether-robot enroll URL CODE, or set TETHER_API.");
  if (!URL.canParse(api) || !/^https?:$/.test(new URL(api).protocol))
    return usage("That is no address of a service.", "Write it with its scheme: https://HOST.");
  const code = given === "-" ? (await env.input()).trim() : given;
  const codeHash = await hashOfCode(code);
  if (codeHash === undefined)
    return usage("That is no enrollment code.", "A code has 28 letters and digits; ask an owner of the robot for one.");

  const store = openKeyStore(env);
  const begun = await begin(env, store, { api: new URL(api).origin, codeHash, again });
  if (isTrouble(begun)) return begun;
  if ("robot" in begun) return finished(env, begun);

  say.progress(`Enrolling at ${begun.api} …`);
  const redeemed = await redeem(platform, { api: begun.api, code, key: begun.key.jwk });
  if ("refusal" in redeemed) return refusalOf(redeemed.refusal.reason);
  const { robot, api: service } = redeemed.answer;
  const enrolled: Enrolled = { api: service.origin, robot, codeHash, key: begun.key };
  const kept = await store.update((file) => (file.enrolling?.codeHash === codeHash ? { version: 1, enrolled } : undefined));
  return isTrouble(kept) ? kept : finished(env, enrolled);
}

/** The finished enrollment with this code if there is one, else the key that is now on disk for it. */
async function begin(
  { config, platform, say }: CommandEnv,
  store: Store,
  { api, codeHash, again }: { api: string; codeHash: string; again: boolean },
): Promise<Enrolled | Enrolling | Trouble> {
  const made = { jwk: await makeKeyPair(config.algorithm), madeAt: platform.clock.now() };
  const file = await store.update((before: KeyFile): KeyFile | Trouble | undefined => {
    const { enrolled, enrolling } = before;
    if (enrolled?.codeHash === codeHash) return undefined;
    if (enrolled && !again) {
      const says = `This robot is enrolled already, as ${printable(enrolled.robot.name)} (${enrolled.robot.id}).`;
      return { exit: "usage", code: "enrollment.done", says, remedy: "To enroll it anew: tether-robot enroll --again URL CODE" };
    }
    // The key of an unfinished enrollment may be registered already; it is used again so that no unused key stays registered.
    const reused = enrolling && (config.algorithm === undefined || enrolling.key.jwk.kty === made.jwk.kty) ? enrolling.key : made;
    return { ...before, enrolling: { api, codeHash, key: reused } };
  });
  if (isTrouble(file)) return file;
  if (file.enrolled?.codeHash === codeHash) return file.enrolled;
  say.progress(`The key is in ${store.path}.`);
  return file.enrolling ?? { api, codeHash, key: made };
}

async function finished({ say, config, files }: CommandEnv, { api, robot, key }: Enrolled): Promise<Outcome> {
  const kid = await thumbprint(key.jwk);
  const restart = isRunHeld(files, config.state);
  // Without a driver it could not be driven; the simulated one is good until there is another.
  const next = restart
    ? "restart what runs here, which may still be online as it was enrolled before: sudo systemctl restart tether-robot, where it is a service"
    : config.driver === undefined
      ? "tether-robot run --driver simulated"
      : "tether-robot run";
  const facts = { enrolled: true, api, robot, kid, ...(restart && { restart }) };
  say.result(`Enrolled as ${printable(robot.name)} (${robot.id}) at ${api}. Next: ${next}`, facts);
  return "done";
}

function usage(says: string, remedy: string): Trouble {
  return { exit: "usage", code: "arguments.invalid", says, remedy };
}
