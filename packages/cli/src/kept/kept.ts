import { dirname, join } from "node:path";
import type { Found } from "@tether/program/files";
import { locked } from "@tether/program/lock";
import { replace } from "@tether/program/replace";
import * as z from "zod/mini";
import { isTrouble, type Trouble } from "../exit.ts";
import type { World } from "../world.ts";

/** A sign-in on this machine: where, whose, and the tokens that go on with it. `expiresAt`: the ID token's, in ms since the Unix epoch. `aheadMs`: how far the
 * issuer's clock was ahead of this machine's when it gave the token. */
const Kept = z.object({
  version: z.literal(1),
  api: z.url(),
  issuer: z.url(),
  clientId: z.string(),
  user: z.object({ id: z.string(), name: z.optional(z.string()), email: z.optional(z.string()) }),
  idToken: z.string(),
  refreshToken: z.optional(z.string()),
  expiresAt: z.number(),
  aheadMs: z._default(z.number(), 0),
});
export type Kept = z.infer<typeof Kept>;

type Env = Pick<World, "files" | "clock" | "variables" | "home">;

export function pathOf({ variables, home }: Pick<World, "variables" | "home">): string {
  return join(variables.XDG_STATE_HOME || join(home, ".local/state"), "tether/sign-in.json");
}

/** The sign-in of this machine. */
export async function readKept(env: Env): Promise<Kept | Trouble> {
  const path = pathOf(env);
  const found = await env.files.read(path);
  if (!found) {
    return { exit: "unsigned", code: "sign-in.none", says: "Nobody is signed in here.", remedy: "Run: tether sign-in URL" };
  }
  return guard(env.files.user, path, found) ?? parse(path, found.text);
}

/** Replaces what is kept by what `change` makes of it, while no other process does so. */
export async function updateKept(env: Env, change: (before: Kept | Trouble) => Promise<Kept | Trouble>): Promise<Kept | Trouble> {
  const path = pathOf(env);
  return alone(env, async () => {
    const before = await readKept(env);
    const after = await change(before);
    if (!isTrouble(after) && after !== before) await replace(env.files, path, `${JSON.stringify(after, undefined, 2)}\n`);
    return after;
  });
}

export async function forget(env: Env): Promise<"forgotten" | Trouble> {
  return alone<"forgotten">(env, async () => {
    await env.files.remove(pathOf(env));
    return "forgotten";
  });
}

async function alone<Result>(env: Env, work: () => Promise<Result>): Promise<Result | Trouble> {
  const folder = dirname(pathOf(env));
  await env.files.makeFolder(folder);
  return locked(env, join(folder, "sign-in.lock"), work);
}

function guard(user: number | undefined, path: string, { mode, owner }: Found): Trouble | undefined {
  if (user === undefined) return undefined;
  if (owner !== user) {
    const says = `${path} belongs to another user (uid ${owner}).`;
    return { exit: "unsafe", code: "sign-in.owner", says, remedy: "Run this as that user, or set XDG_STATE_HOME to a folder of your own." };
  }
  if ((mode & 0o077) === 0) return undefined;
  const says = `Others can read ${path} (mode ${mode.toString(8).padStart(4, "0")}).`;
  return { exit: "unsafe", code: "sign-in.mode", says, remedy: `If others may have read it: tether sign-out. Else: chmod 600 '${path}'` };
}

function parse(path: string, text: string): Kept | Trouble {
  try {
    const parsed = Kept.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Said below: what is wrong with a secret file must not quote it.
  }
  const says = `${path} is not a sign-in of this version.`;
  return { exit: "unsafe", code: "sign-in.damaged", says, remedy: "Sign in again: tether sign-in URL" };
}
