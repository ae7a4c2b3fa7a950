import type { Change, Event } from "./event.ts";
import type { Session } from "./session.ts";

export type State = Exclude<Session["state"], "ended">;
export type In<S extends State> = Extract<Session, { state: S }>;
export type On<T extends Event["type"]> = Extract<Event, { type: T }>;
type Cell<S extends State, T extends Event["type"]> = ((session: In<S>, event: On<T>) => Change | "ignored") | "ignored";
/** One cell for each state and event: what it leads to, or that it means nothing. */
export type Table = { readonly [S in State]: { readonly [T in Event["type"]]: Cell<S, T> } };
