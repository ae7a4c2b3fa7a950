import { dirname, join } from "node:path";
import type { FileContent } from "@tether/program/files";
import { locked } from "@tether/program/lock";
import { replace } from "@tether/program/replace";
import * as z from "zod/mini";
import type { Context } from "../context.ts";
import { isTrouble, type Trouble } from "../exit.ts";

/**
 * A sign-in on this machine: the service, the user and the tokens. `expiresAt` is the ID token's, in ms since the Unix epoch. `aheadMs` is
 * how far the issuer's clock was ahead of this machine's when it gave the token.
 */
const StoredSignIn = z.object({
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
export type StoredSignIn = z.infer<typeof StoredSignIn>;

type Env = Pick<Context, "files" | "clock" | "variables" | "home">;

export function pathOf({ variables, home }: Pick<Context, "variables" | "home">): string {
  return join(variables.XDG_STATE_HOME || join(home, ".local/state"), "tether/sign-in.json");
}

/** Reads the sign-in of this machine. */
export async function readSignIn(env: Env): Promise<StoredSignIn | Trouble> {
  const path = pathOf(env);
  const found = await env.files.read(path);
  if (!found) {
    return { exit: "unsigned", code: "sign-in.none", says: "Nobody is signed in here.", remedy: "Run: tether sign-in URL" };
  }
  return checkAccess(env.files.user, path, found) ?? parse(path, found.text);
}

/** Replaces the stored sign-in by the one that `change` returns, while no other process does so. */
export async function updateSignIn(
  env: Env,
  change: (before: StoredSignIn | Trouble) => Promise<StoredSignIn | Trouble>,
): Promise<StoredSignIn | Trouble> {
  const path = pathOf(env);
  return whileLocked(env, async () => {
    const before = await readSignIn(env);
    const after = await change(before);
    if (!isTrouble(after) && after !== before) await replace(env.files, path, `${JSON.stringify(after, undefined, 2)}\n`);
    return after;
  });
}

export async function forgetSignIn(env: Env): Promise<"forgotten" | Trouble> {
  return whileLocked<"forgotten">(env, async () => {
    await env.files.remove(pathOf(env));
    return "forgotten";
  });
}

async function whileLocked<Result>(env: Env, work: () => Promise<Result>): Promise<Result | Trouble> {
  const folder = dirname(pathOf(env));
  await env.files.makeFolder(folder);
  return locked(env, join(folder, "sign-in.lock"), work);
}

function checkAccess(user: number | undefined, path: string, { mode, owner }: FileContent): Trouble | undefined {
  if (user === undefined) return undefined;
  if (owner !== user) {
    const says = `${path} belongs to another user (uid ${owner}).`;
    return { exit: "unsafe", code: "sign-in.owner", says, remedy: "Run this as that user, or set XDG_STATE_HOME to a folder of your own." };
  }
  if ((mode & 0o077) === 0) return undefined;
  const says = `Others can read ${path} (mode ${mode.toString(8).padStart(4, "0")}).`;
  return {
    exit: "unsafe",
    code: "sign-in.mode",
    says,
    remedy: `If others may have read it: tether sign-out --everywhere. Otherwise: chmod 600 '${path}'`,
  };
}

function parse(path: string, text: string): StoredSignIn | Trouble {
  try {
    const parsed = StoredSignIn.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // The parser's message quotes the file, which holds secrets, so a message of our own follows below.
  }
  const says = `${path} is not a sign-in of this version.`;
  return { exit: "unsafe", code: "sign-in.damaged", says, remedy: "Sign in again: tether sign-in URL" };
}
