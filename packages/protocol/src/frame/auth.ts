import * as z from "zod/mini";
import { Text } from "../text.ts";
import { FrameId } from "./signal.ts";

/** Extends the session's lease in place: same connection, same epoch, nothing interrupted. */
export const AuthRenew = z.object({ type: z.literal("auth.renew"), id: FrameId, ticket: Text.check(z.maxLength(4_096)) });
export type AuthRenew = z.infer<typeof AuthRenew>;

/** The lease ends at `expiresAt` unless renewed; sent 10 min and 1 min ahead. */
export const AuthExpiring = z.object({ type: z.literal("auth.expiring"), expiresAt: z.int() });
export type AuthExpiring = z.infer<typeof AuthExpiring>;

/** The lease now lasts until `expiresAt`. */
export const AuthRenewed = z.object({ type: z.literal("auth.renewed"), id: FrameId, expiresAt: z.int() });
export type AuthRenewed = z.infer<typeof AuthRenewed>;

/** The lease is over: nothing is relayed. Without a renewal the connection is closed at `closesAt`. */
export const AuthExpired = z.object({ type: z.literal("auth.expired"), closesAt: z.int() });
export type AuthExpired = z.infer<typeof AuthExpired>;

/** Another instance of this robot proved a key: whoever lives renews its lease at once, which shows that it does. */
export const AuthChallenge = z.object({ type: z.literal("auth.challenge") });
export type AuthChallenge = z.infer<typeof AuthChallenge>;
