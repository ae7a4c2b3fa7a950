import type { Trouble } from "./exit.ts";

type Reason = { readonly code: string; readonly says: string; readonly remedy: string };

/** `ordered`: a person decided it. `doubtful`: a store that lags or was restored from a backup may refuse a good key so. */
type Final = { readonly exit: Exclude<Trouble["exit"], "failed">; readonly by: "ordered" | "doubtful" };

const ordered: Final = { exit: "refused", by: "ordered" };
const doubtful: Final = { exit: "refused", by: "doubtful" };

/** Problems that end the run, at once or after a few attempts. After all others the agent tries again for ever. */
const finals: Readonly<Record<string, Final>> = {
  "admin.ended": ordered,
  "credential.revoked": ordered,
  "robot.deleted": ordered,
  "enrollment.invalid": ordered,
  "assertion.key": doubtful,
  "assertion.audience": doubtful,
  "protocol.unsupported": doubtful,
  "credential.invalid": doubtful,
  "credential.retired": doubtful,
  "credential.inactive": doubtful,
  "proof.invalid": doubtful,
};

/** The exit of the program for a refusal of the service or an error of the network. */
export function refusalOf({ code, says, remedy }: Reason): Trouble {
  return { exit: finals[code]?.exit ?? "failed", code, says, remedy };
}

export function isDoubtful({ code }: Reason): boolean {
  return finals[code]?.by === "doubtful";
}

/** Another instance of this robot has taken the session over. */
export function isSuperseded({ code }: Reason): boolean {
  return code === "superseded" || code === "session.superseded";
}
