import type { PendingRequest } from "@tether/protocol/control";
import type { ClientSessionId } from "@tether/protocol/id";

export type Requests = {
  /** Another client asks for control, as a frame or `welcome` says. */
  hear(request: PendingRequest): void;
  /** This end answered the client. Where `welcome` names the request after that, the answer was lost, and the request is told anew. */
  answered(from: ClientSessionId): void;
  clear(): void;
};

/** The requests for control that wait for this end's answer. `control.requested` and `welcome` may name the same one: it is told once. D8.4 */
export function createRequests(tell: (request: PendingRequest) => void): Requests {
  let told: readonly PendingRequest[] = [];
  return {
    hear({ from, user, answerBy }) {
      if (told.some((one) => one.from === from && one.answerBy === answerBy)) return;
      const request = { from, user, answerBy };
      told = [...told.filter((one) => one.from !== from), request];
      tell(request);
    },
    answered(from) {
      told = told.filter((one) => one.from !== from);
    },
    clear() {
      told = [];
    },
  };
}
