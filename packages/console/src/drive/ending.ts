import type { Reason } from "@tether/sdk/client";

/** The next step once a session is over: go on with it here, begin a new one, sign in, or look at other robots. */
export type Remedy = "here" | "again" | "sign-in" | "robots";

export type Ending = { readonly title: string; readonly says: string; readonly remedy: Remedy };

const signIn = new Set<string>(["user.revoked", "auth.invalid", "auth.missing", "auth.expired"]);
const noMore = new Set<string>(["grant.removed", "robot.deleted", "robot.unknown", "access.denied"]);

export const remedyWords: Readonly<Record<Remedy, string>> = {
  here: "Go on here instead",
  again: "Attach again",
  "sign-in": "Sign in again",
  robots: "All robots",
};

/** A session that is over, in words, and what comes next. */
export function endingOf({ code, says, remedy, actor }: Reason): Ending {
  if (code === "superseded")
    return {
      title: "This session goes on in another tab",
      says: "A newer page took it over, as when a tab was duplicated. Control went with it. There is one page for a session, the newest.",
      remedy: "here",
    };
  const by = actor?.type === "user" && actor.name !== undefined ? `It was ${actor.name}. ` : "";
  const words = { title: says, says: `${by}${remedy}` };
  if (signIn.has(code)) return { ...words, remedy: "sign-in" };
  if (noMore.has(code)) return { ...words, remedy: "robots" };
  return { ...words, remedy: "again" };
}
