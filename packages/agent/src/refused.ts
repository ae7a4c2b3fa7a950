import type { Exit, Trouble } from "./exit.ts";

type Reason = { readonly code: string; readonly says: string; readonly remedy: string };

/** Words of the service after which starting again is no use. All else is tried again for ever. */
const finals: Readonly<Record<string, Exclude<Exit, "done" | "failed">>> = {
  superseded: "superseded",
  "admin.ended": "refused",
  "credential.revoked": "refused",
  "robot.deleted": "refused",
  "assertion.key": "refused",
  "assertion.audience": "refused",
  "protocol.unsupported": "refused",
  "enrollment.invalid": "refused",
  "credential.invalid": "refused",
  "credential.retired": "refused",
  "credential.inactive": "refused",
  "proof.invalid": "refused",
};

/** A no of the service, or of the network, in the program's terms. */
export function refused({ code, says, remedy }: Reason): Trouble {
  return { exit: finals[code] ?? "failed", code, says, remedy };
}
