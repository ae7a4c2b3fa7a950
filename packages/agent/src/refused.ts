import type { Exit, Trouble } from "./exit.ts";

type Reason = { readonly code: string; readonly says: string; readonly remedy: string };

/** `ordered`: somebody decided it. `doubtful`: a store that lags, or was restored from a backup, says so of a key that is good. */
type Final = { readonly exit: Exclude<Exit, "done" | "failed">; readonly by: "ordered" | "doubtful" };

const ordered: Final = { exit: "refused", by: "ordered" };
const doubtful: Final = { exit: "refused", by: "doubtful" };

/** Words of the service after which trying again is no use, at once or after a few times. All else is tried again for ever. */
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

/** A no of the service, or of the network, in the program's terms. */
export function refused({ code, says, remedy }: Reason): Trouble {
  return { exit: finals[code]?.exit ?? "failed", code, says, remedy };
}

export function isDoubtful({ code }: Reason): boolean {
  return finals[code]?.by === "doubtful";
}

/** Another instance of this robot goes on with its session. */
export function isSuperseded({ code }: Reason): boolean {
  return code === "superseded" || code === "session.superseded";
}
