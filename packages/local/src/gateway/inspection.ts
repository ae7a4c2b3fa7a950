import type { Clock } from "../clock/clock.ts";
import type { Connection } from "./connection.ts";
import type { AuthorizerContext } from "./event.ts";

export type ConnectionState = {
  connectionId: string;
  authorizer: AuthorizerContext;
  connectedAt: number;
  ageMs: number;
  /** Since the last message, either way. */
  quietMs: number;
};

/** The gateway's connections from outside, and the accidents that can befall them. */
export interface Inspection {
  list(): ConnectionState[];
  /** Ends a connection as the network would, or with a close frame of `code`. False when there is none. */
  cut(connectionId: string, code?: number): boolean;
  /** Closes a connection before its time, as the gateway does where it is replaced. False when there is none. */
  replace(connectionId: string): boolean;
  /** Takes the network away without either end noticing. False when there is none. */
  stall(connectionId: string): boolean;
}

export function inspection(clock: Clock, connections: ReadonlyMap<string, Connection>): Inspection {
  function withConnection(connectionId: string, act: (connection: Connection) => void): boolean {
    const connection = connections.get(connectionId);
    if (connection) act(connection);
    return connection !== undefined;
  }

  return {
    list: () =>
      [...connections.values()].map(({ facts, authorizer, lastActiveAt }) => ({
        connectionId: facts.connectionId,
        authorizer,
        connectedAt: facts.connectedAt,
        ageMs: clock.now() - facts.connectedAt,
        quietMs: clock.now() - lastActiveAt(),
      })),
    cut: (connectionId, code) =>
      withConnection(connectionId, (connection) => (code === undefined ? connection.cut() : connection.end(code, ""))),
    replace: (connectionId) => withConnection(connectionId, (connection) => connection.end(1001, "Going away")),
    stall: (connectionId) => withConnection(connectionId, (connection) => connection.stall()),
  };
}
