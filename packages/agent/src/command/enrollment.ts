import { isTrouble, type Trouble } from "../exit.ts";
import type { Enrolled } from "../state/key-file.ts";
import { openStore, type Store } from "../state/store.ts";
import type { CommandEnv } from "./env.ts";

export function openKeyStore({ config, files, platform }: CommandEnv): Store {
  return openStore({ files, clock: platform.clock }, config.state);
}

/** Reads the key file of an enrolled robot. */
export async function readEnrollment(
  env: CommandEnv,
): Promise<{ readonly store: Store; readonly enrolled: Enrolled; readonly api: string } | Trouble> {
  const store = openKeyStore(env);
  const file = await store.read();
  if (isTrouble(file)) return file;
  const { enrolled, enrolling } = file;
  if (enrolled) return { store, enrolled, api: env.config.api ?? enrolled.api };
  const says = enrolling
    ? `An enrollment at ${enrolling.api} was begun and not finished.`
    : `This robot is not enrolled: there is no ${store.path}.`;
  const remedy = enrolling
    ? `Repeat it with the same code, or with a new one: tether-robot enroll ${enrolling.api} CODE`
    : "Ask an owner for a code, then: tether-robot enroll URL CODE";
  return { exit: "unenrolled", code: enrolling ? "enrollment.begun" : "enrollment.none", says, remedy };
}
