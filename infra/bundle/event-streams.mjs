/**
 * Takes the place of `@smithy/core/event-streams`, which the SDK imports when a call first streams events. None of ours does. What is
 * imported late esbuild can neither shake nor hoist, and it shares half of the SDK's core with all that is imported at once.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error("This bundle was made without event streams.");
  }
}

export function eventStreamSerdeProvider() {
  throw new Error("This bundle was made without event streams.");
}
