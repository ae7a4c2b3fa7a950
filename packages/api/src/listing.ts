import { nameOf } from "@tether/aws/failure";
import { type Problem, problem } from "@tether/protocol/problem";

/** A cursor comes back from outside: one that the store cannot read is the caller's mistake, not a failure. */
export async function listed<Page>(page: Promise<Page>): Promise<Page | Problem> {
  try {
    return await page;
  } catch (error) {
    if (unreadable.has(nameOf(error))) return problem("cursor.invalid");
    throw error;
  }
}

const unreadable: ReadonlySet<string> = new Set(["ValidationException", "ElectroError", "SyntaxError"]);
