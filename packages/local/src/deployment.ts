import type { ControlKeys } from "@tether/core/control";
import type { KeyRing } from "@tether/core/ticket";
import type { Handlers } from "./gateway/event.ts";

/** The keys that a deployment hands its functions. */
export type Rings = { readonly ring: KeyRing; readonly controlKeys: ControlKeys };

/** The functions of a deployment. `answer` is the API's. */
export type Functions = {
  readonly handlers: Handlers;
  readonly answer: (event: never) => Promise<unknown>;
  readonly sweep: () => Promise<void>;
  readonly presence: () => Promise<void>;
};

/** Functions that can be deployed anew while the system runs: what the instances before had in memory is gone. */
export function createDeployment(make: (rings: Rings) => Functions, rings: Rings) {
  let current = make(rings);
  let handed = rings;
  const functions: Functions = {
    handlers: {
      authorizer: (event) => current.handlers.authorizer(event),
      connect: (event) => current.handlers.connect(event),
      default: (event) => current.handlers.default(event),
      disconnect: (event) => current.handlers.disconnect(event),
    },
    answer: (event) => current.answer(event),
    sweep: () => current.sweep(),
    presence: () => current.presence(),
  };
  return {
    functions,
    deploy(changed: Partial<Rings> = {}): void {
      handed = { ...handed, ...changed };
      current = make(handed);
    },
  };
}
