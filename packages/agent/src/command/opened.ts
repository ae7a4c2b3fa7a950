import { isTrouble, type Trouble } from "../exit.ts";
import type { Enrolled } from "../state/key-file.ts";
import { openStore, type Store } from "../state/store.ts";
import type { World } from "./world.ts";

export function storeOf({ config, files, platform }: World): Store {
  return openStore({ files, clock: platform.clock }, config.state);
}

/** The key file of a robot that is enrolled. */
export async function opened(
  world: World,
): Promise<{ readonly store: Store; readonly enrolled: Enrolled; readonly api: string } | Trouble> {
  const store = storeOf(world);
  const file = await store.read();
  if (isTrouble(file)) return file;
  const { enrolled, enrolling } = file;
  if (enrolled) return { store, enrolled, api: world.config.api ?? enrolled.api };
  const says = enrolling
    ? `An enrollment at ${enrolling.api} was begun and not finished.`
    : `This robot is not enrolled: there is no ${store.path}.`;
  const remedy = enrolling
    ? `Repeat it with the same code, or with a new one: tether-robot enroll ${enrolling.api} CODE`
    : "Ask an owner for a code, then: tether-robot enroll URL CODE";
  return { exit: "unenrolled", code: enrolling ? "enrollment.begun" : "enrollment.none", says, remedy };
}
