import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";
import * as z from "zod/mini";

type Query = { readonly cursor?: string | undefined };

/** A page of a list. A cursor comes back from outside: only one that this list can have given is passed on. A6 */
export async function listed<Page, Asked extends Query>(
  query: Asked,
  gave: (cursor: string) => boolean,
  list: (page: Asked & { limit: number }) => Promise<Page>,
): Promise<Page | Problem> {
  if (query.cursor !== undefined && !gave(query.cursor)) return problem("cursor.invalid");
  return list({ ...query, limit: limits.http.pageItems });
}

/** The lists that stand in a robot's own partition, and how their sort keys look. */
const lists = {
  timeline: /^\$timelineEvent_1#eventId_evt_[0-9A-Z]{26}$/,
  sessions: /^\$sessionRecord_1#began_[0-9A-Z]{26}$/,
  grants: /^\$grant_1#to_(sub:[\x21-\x7e]{1,128}|email:[^\s@]{1,64}@[^\s@]{1,190})$/,
} as const;

/**
 * Whether a cursor is a key of this list of this robot's. The store would take another robot's key, too, and fails on one that is none: of
 * what the cursor says nothing else is passed on.
 */
export function ofRobot(robot: string, list: keyof typeof lists): (cursor: string) => boolean {
  const Key = z.strictObject({ pk: z.literal(`$tether#robotId_${robot}`), sk: z.string().check(z.regex(lists[list])) });
  return (cursor) => {
    try {
      return Key.safeParse(JSON.parse(Buffer.from(cursor, "base64url").toString())).success;
    } catch {
      return false;
    }
  };
}
