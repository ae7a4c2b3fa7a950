import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";

type Query = { readonly cursor?: string | undefined };

/** A page of a list. A cursor comes back from outside: only one that this list can have given is passed on. */
export async function listed<Page>(
  query: Query,
  gave: (cursor: string) => boolean,
  list: (page: Query & { limit: number }) => Promise<Page>,
): Promise<Page | Problem> {
  if (query.cursor !== undefined && !gave(query.cursor)) return problem("cursor.invalid");
  return list({ ...query, limit: limits.http.pageItems });
}

/** Whether a cursor is a key in a robot's own partition. The store would take another robot's, too. */
export function ofRobot(robot: string): (cursor: string) => boolean {
  return (cursor) => {
    try {
      const key: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
      return typeof key === "object" && key !== null && "pk" in key && "sk" in key && key.pk === `$tether#robotId_${robot}`;
    } catch {
      return false;
    }
  };
}
