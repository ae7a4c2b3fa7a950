import type { Principal } from "./principal.ts";

/** A WebSocket at the gateway. */
export type Connection = { readonly id: string; readonly since: number };

/** A connection that was let in and has not said hello. */
export type Pending = {
  readonly epoch: number;
  readonly connection: Connection;
  readonly principal: Principal;
  readonly authExpiresAt: number;
  readonly lapsesAt: number;
};
