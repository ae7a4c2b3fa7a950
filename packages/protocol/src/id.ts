import * as z from "zod/mini";
import { Text } from "./text.ts";

/** Crockford base 32, 26 characters: a ULID (https://github.com/ulid/spec). */
const ulid = "[0-7][0-9A-HJKMNP-TV-Z]{25}";

function id<Brand extends string>(prefix: string, _brand: Brand) {
  return Text.check(z.regex(new RegExp(`^${prefix}_${ulid}$`))).brand<Brand>();
}

/** A robot: `rob_` and a ULID. */
export const RobotId = id("rob", "RobotId");
export type RobotId = z.infer<typeof RobotId>;

/** A robot's session: `rse_` and a ULID. */
export const RobotSessionId = id("rse", "RobotSessionId");
export type RobotSessionId = z.infer<typeof RobotSessionId>;

/** A client's session: `cse_` and a ULID. */
export const ClientSessionId = id("cse", "ClientSessionId");
export type ClientSessionId = z.infer<typeof ClientSessionId>;

/** A session of either kind. */
export const SessionId = z.union([RobotSessionId, ClientSessionId]);
export type SessionId = z.infer<typeof SessionId>;

/** An entry of a timeline: `evt_` and a ULID, which sorts by its time. */
export const EventId = id("evt", "EventId");
export type EventId = z.infer<typeof EventId>;

/** An instance is one running SDK; a page that is loaded again or a process that starts again is another instance. */
export const InstanceId = Text.check(z.regex(/^[A-Za-z0-9_-]{8,40}$/)).brand<"InstanceId">();
export type InstanceId = z.infer<typeof InstanceId>;

/** A public key's RFC 7638 thumbprint (SHA-256, base64url). */
export const KeyId = Text.check(z.regex(/^[A-Za-z0-9_-]{43}$/)).brand<"KeyId">();
export type KeyId = z.infer<typeof KeyId>;
