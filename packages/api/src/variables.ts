import type { Line } from "@tether/aws/invocation";
import type { Env } from "./env.ts";
import type { Rates } from "./rate/rates.ts";

/** The variables that every route finds in its request's context. */
export type Variables = { Variables: { env: Env; line: Line; rates: Rates } };
