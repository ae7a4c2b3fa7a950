import { join } from "node:path";
import type { Files } from "@tether/program/files";
import { locked } from "@tether/program/lock";
import { replace } from "@tether/program/replace";
import type { Clock } from "@tether/sdk/clock";
import type { KeyStore, Keys, PrivateKey } from "@tether/sdk/robot";
import { isTrouble, type Trouble } from "../exit.ts";
import { guard, guardFolder } from "./guard.ts";
import { type KeptKey, KeyFile, none } from "./key-file.ts";

export type Store = {
  readonly path: string;
  read(): Promise<KeyFile | Trouble>;
  /** Replaces the file by the result of `change`, unless that is undefined. Resolves with the file's content afterwards. */
  update(change: (file: KeyFile) => KeyFile | Trouble | undefined): Promise<KeyFile | Trouble>;
};

type Env = { readonly files: Files; readonly clock: Clock };

/** Opens the key file of a folder, which need not exist yet. */
export function openStore(env: Env, folder: string): Store {
  const { files } = env;
  const path = join(folder, "robot.json");

  async function read(): Promise<KeyFile | Trouble> {
    const unsafe = await guardFolder(files, folder);
    if (unsafe) return unsafe;
    const found = await files.read(path);
    if (!found) return none;
    return guard(files, path, found) ?? parse(path, found.text);
  }

  return {
    path,
    read,
    async update(change) {
      await files.makeFolder(folder);
      return locked(env, join(folder, "key.lock"), async () => {
        const file = await read();
        if (isTrouble(file)) return file;
        const changed = change(file);
        if (changed && !isTrouble(changed)) await replace(files, path, `${JSON.stringify(changed, undefined, 2)}\n`);
        return changed ?? file;
      });
    },
  };
}

function parse(path: string, text: string): KeyFile | Trouble {
  try {
    const parsed = KeyFile.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Reported below without a quotation, because the file holds a secret.
  }
  const remedy = `Move it away and enroll again with a new code from an owner: mv '${path}' '${path}.damaged'`;
  return { exit: "unsafe", code: "key.damaged", says: `${path} is not a key file of this version.`, remedy };
}

/** The SDK's key store on top of the key file. Rejects if the robot is not enrolled or the file cannot be used. */
export function keysIn(store: Store, clock: { now(): number }): KeyStore {
  const keep = (jwk: PrivateKey, kept: readonly (KeptKey | undefined)[]): KeptKey =>
    kept.find((one) => one?.jwk.d === jwk.d) ?? { jwk, madeAt: clock.now() };
  return {
    load: async () => keysOf(await store.read()),
    async save(keys, from) {
      let outcome: "saved" | "moved" = "moved";
      const left = await store.update((file) => {
        const { enrolled } = file;
        if (!enrolled || !isSame(keysOf(file), from)) return undefined;
        outcome = "saved";
        const { next: _, ...rest } = enrolled;
        const kept = [enrolled.key, enrolled.next];
        const key = keep(keys.current, kept);
        return { ...file, enrolled: { ...rest, key, ...(keys.next && { next: keep(keys.next, kept) }) } };
      });
      if (isTrouble(left)) throw new Error(left.says);
      return outcome;
    },
  };
}

function keysOf(file: KeyFile | Trouble): Keys {
  if (isTrouble(file)) throw new Error(file.says);
  if (!file.enrolled) throw new Error("The robot is not enrolled.");
  const { key, next } = file.enrolled;
  return { current: key.jwk, ...(next && { next: next.jwk }) };
}

function isSame(a: Keys, b: Keys): boolean {
  return a.current.d === b.current.d && a.next?.d === b.next?.d;
}
