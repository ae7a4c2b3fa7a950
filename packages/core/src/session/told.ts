import { causes } from "@tether/protocol/cause";
import type { Ending } from "./session.ts";

/** Why a session is away or ended, with what that means and the first thing to do. */
export function told(ending: Ending): Ending & { says: string; remedy: string } {
  const { says, remedy } = causes[ending.cause];
  return { ...ending, says, remedy };
}
