import type { Actor } from "@tether/protocol/actor";
import { type Cause, causes } from "@tether/protocol/cause";
import type { Bye } from "@tether/protocol/frame/bye";
import type { ProblemFrame } from "@tether/protocol/frame/problem";
import type { OpenCode } from "@tether/protocol/open-code";
import { internal, type ProblemCode } from "@tether/protocol/problem";
import type { Evidence } from "@tether/protocol/timeline";

/** Reasons that only an end itself can know of its connection. */
const own = {
  "network.failed": { says: "The service could not be reached.", remedy: "Look at the network; the SDK goes on trying." },
  "service.busy": { says: "The service lets others in first.", remedy: "Wait; the SDK goes on trying." },
  "token.failed": { says: "No token could be had.", remedy: "Look at what the token callback rejects with; the SDK goes on trying." },
  "socket.missing": {
    says: "This runtime has no WebSocket.",
    remedy: "Use Node 22 or newer, or give the SDK a platform with a socket, as the package ws makes one.",
  },
  "answer.invalid": {
    says: "What answered is not the service, or not in its words.",
    remedy:
      "Look at the network: a guest network's page, a proxy or a firewall may answer in its place. If none does, check the API's address.",
  },
  "connection.silent": { says: "The connection did not open or answer in time.", remedy: "Look at the network; the SDK goes on trying." },
  "end.closed": { says: "This end closed its connection and kept the session.", remedy: "Attach again within the grace to go on." },
  "end.left": { says: "This end left.", remedy: "Attach again to begin a new session." },
} as const;

/** A reason that the SDK itself finds, as opposed to the service's. */
export type OwnCode = keyof typeof own;
/** A reason by its name: a cause or a problem of the service, or the SDK's own. */
export type ReasonCode = Cause | ProblemCode | OwnCode;

/** Why a connection waits or stopped, for a person to read. `says` is the fact, `remedy` the first thing to do. */
export type Reason = {
  readonly code: ReasonCode | (OpenCode & {});
  readonly says: string;
  readonly remedy: string;
  readonly actor?: Actor;
  /** Observations that support the reason: the connection's age, when it was last seen, the key. */
  readonly evidence?: Evidence;
};

type Words = { readonly says: string; readonly remedy: string };

/** A problem comes in the service's own words, and its table would be a tenth of a client. */
const rows: Readonly<Record<string, Words>> = { ...causes, internal, ...own };

const unheardOf: Words = { says: "The service refused for a reason that this version does not know.", remedy: "Update the SDK." };

/** The words for a cause, or for a reason of the SDK's own. One that only the table of problems has is no argument. */
export function reason<Code extends string>(code: Code extends Exclude<ProblemCode, "internal"> ? never : Code): Reason {
  const { says, remedy } = (Object.hasOwn(rows, code) ? rows[code] : undefined) ?? unheardOf;
  return { code, says, remedy };
}

/** Why a request had no answer: in the words of a `fetch` that rejects with a `reason`, as Node's programs do, or else in ours. */
export function failureOf(error: unknown): Reason {
  return reasonIn(error) ?? reason("network.failed");
}

/** Why a socket did not open: the `reason` of its event's error, which a platform's own socket may bear. */
export function failureIn(event: unknown): Reason | undefined {
  return typeof event === "object" && event !== null && "error" in event ? reasonIn(event.error) : undefined;
}

function reasonIn(error: unknown): Reason | undefined {
  const named = typeof error === "object" && error !== null && "reason" in error ? error.reason : undefined;
  if (typeof named !== "object" || named === null || !("code" in named && "says" in named && "remedy" in named)) return undefined;
  const { code, says, remedy } = named;
  return typeof code === "string" && typeof says === "string" && typeof remedy === "string" ? { code, says, remedy } : undefined;
}

/** The broker's own words of a frame that it refused. */
export const reasonOfProblem = ({ code, says, remedy }: Pick<ProblemFrame, "code" | "says" | "remedy">): Reason => ({ code, says, remedy });

/** The broker's own words. */
export function reasonOf({ cause, says, remedy, actor, evidence }: Bye): Reason {
  return { code: cause, says, remedy, actor, ...(evidence && { evidence }) };
}
