import * as z from "zod/mini";
import { IceServer } from "../ice-server.ts";
import { ClientSessionId, InstanceId, KeyId, RobotId, SessionId } from "../id.ts";
import { Text } from "../text.ts";

/** `connect`: to open the session's next connection. `renew`: to extend the live one's lease in place. */
export const TicketUse = z.enum(["connect", "renew"]);
export type TicketUse = z.infer<typeof TicketUse>;

/** Asks for a client's next connection. With `session`, for the next connection of that session. */
export const ClientTicketRequest = z.object({ robot: RobotId, session: z.optional(ClientSessionId), use: z.optional(TicketUse) });
export type ClientTicketRequest = z.infer<typeof ClientTicketRequest>;

/** Asks for a robot's next connection with an RFC 7523 assertion. The broker knows which session goes on. */
export const RobotTicketRequest = z.object({
  assertion: Text.check(z.maxLength(4_096)),
  use: z.optional(TicketUse),
  /** As in `hello`: two that prove one key at the same time are noticed. */
  instance: z.optional(InstanceId),
});
export type RobotTicketRequest = z.infer<typeof RobotTicketRequest>;

/** Permission to connect once, within a minute. Instants in ms since the Unix epoch, by the server's clock. */
export const TicketAnswer = z.object({
  ticket: Text,
  expiresAt: z.int(),
  /** The address to connect to, without any secret in it. */
  url: Text,
  session: z.object({ id: SessionId, epoch: z.int(), resumed: z.boolean() }),
  auth: z.object({ expiresAt: z.int() }),
  iceServers: z.array(IceServer),
  /** The key a robot proved: when to make the next one, and when it is past its date. */
  credential: z.optional(z.object({ kid: KeyId, rotateAfter: z.int(), expiresAt: z.int() })),
  serverTime: z.int(),
});
export type TicketAnswer = z.infer<typeof TicketAnswer>;
