/** A state's answer to an event: its successor, or that the event does not matter there. */
export type Cell<In, On, All> = ((state: In, event: On) => All) | "ignored";

/** Total: a new state or a new event does not compile until every pair of them is answered. `Result` is what cells answer. */
export type Table<State extends { readonly state: string }, Event extends { readonly type: string }, Result = State> = {
  readonly [Name in State["state"]]: {
    readonly [Type in Event["type"]]: Cell<Extract<State, { state: Name }>, Extract<Event, { type: Type }>, Result>;
  };
};

/** The cell for a state and an event. */
export function cellOf<State extends { readonly state: string }, Event extends { readonly type: string }, Result>(
  table: Table<State, Event, Result>,
  state: State,
  event: Event,
): Cell<State, Event, Result> {
  const row: { readonly [type: string]: unknown } = table[state.state as State["state"]];
  // The table pairs each state and event with its own cell; TypeScript cannot follow the look-up.
  return row[event.type] as Cell<State, Event, Result>;
}

/** The next state. Pure; the same object if nothing changes. */
export function step<State extends { readonly state: string }, Event extends { readonly type: string }>(
  table: Table<State, Event>,
  state: State,
  event: Event,
): State {
  const cell = cellOf(table, state, event);
  return cell === "ignored" ? state : cell(state, event);
}
