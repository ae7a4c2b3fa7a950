import { nameOf } from "@tether/aws/failure";
import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";

/** A cursor comes back from outside: one that the store cannot read is the caller's mistake, not a failure. */
export async function listed<Page>(
  query: { cursor?: string | undefined },
  list: (page: typeof query & { limit: number }) => Promise<Page>,
): Promise<Page | Problem> {
  try {
    return await list({ ...query, limit: limits.http.pageItems });
  } catch (error) {
    if (query.cursor !== undefined && unreadable.has(nameOf(error))) return problem("cursor.invalid");
    throw error;
  }
}

const unreadable: ReadonlySet<string> = new Set(["ValidationException", "ElectroError", "SyntaxError"]);
