import * as z from "zod/mini";
import { OpenCode } from "./open-code.ts";
import { Text } from "./text.ts";

type Row = {
  /** The HTTP status, also the handshake's. */
  status: number;
  /** The fact. */
  says: string;
  /** The first thing to do about it. */
  remedy: string;
};

/** A row apart, so that an end that names it alone carries no other. */
export const internal: Row = {
  status: 500,
  says: "Something broke on our side.",
  remedy: "Try again; if it stays, report the request id.",
};

/** Everything that can be refused. HTTP answers, `problem` frames, SDK errors and the docs take their words from here. */
export const problems = {
  "request.malformed": {
    status: 400,
    says: "The request could not be read.",
    remedy: "Send a body of valid JSON with content-type application/json.",
  },
  "request.invalid": {
    status: 422,
    says: "The request has a field that is missing or wrong.",
    remedy: "Correct the fields listed in `fields`.",
  },
  "request.too-large": { status: 413, says: "The request is larger than 64 KB.", remedy: "Send less at once." },
  "edge.bypassed": {
    status: 403,
    says: "The request did not come through this service's own address.",
    remedy: "Use the addresses that the deployment printed, not the gateway's behind them.",
  },
  "route.unknown": { status: 404, says: "There is nothing at this address.", remedy: "Look the address up in /v1/openapi.json." },
  "cursor.invalid": { status: 400, says: "The cursor is not one that this list gave.", remedy: "Begin the list again without a cursor." },
  "auth.missing": { status: 401, says: "The request carries no token.", remedy: "Send the OIDC token as `Authorization: Bearer …`." },
  "auth.invalid": { status: 401, says: "The token is not one that this service accepts.", remedy: "Sign in again." },
  "auth.expired": { status: 401, says: "The token is over.", remedy: "Renew the token, or sign in again." },
  "access.denied": { status: 403, says: "You may not do this.", remedy: "Ask an owner of the robot for the role you need." },
  "issuer.unavailable": {
    status: 503,
    says: "The user's sessions are ended and the tokens void, but the identity provider could not be told to end the sign-ins.",
    remedy: "Try again in a moment: until it is told, a refresh token of before buys new tokens.",
  },
  "robot.unknown": {
    status: 404,
    says: "There is no such robot, or you may not see it.",
    remedy: "Check the id, or ask an owner for access.",
  },
  "robot.moving": { status: 503, says: "The robot is being moved to another cell.", remedy: "Try again after a second; it takes a few." },
  "robot.full": { status: 409, says: "The robot has no place left for a client of your role.", remedy: "Ask one of them to leave." },
  "user.full": {
    status: 409,
    says: "You have as many clients at this robot as one user can have.",
    remedy: "Close one of your other tabs or programs that are attached to it.",
  },
  "session.unknown": { status: 404, says: "There is no such session.", remedy: "Ask for a ticket without a session to begin a new one." },
  "session.ended": { status: 410, says: "The session has ended.", remedy: "Ask for a ticket without a session to begin a new one." },
  "grant.unknown": { status: 404, says: "There is no such grant.", remedy: "List the robot's grants." },
  "grant.last-owner": { status: 409, says: "A robot must keep one owner.", remedy: "Make someone else an owner first." },
  "credential.invalid": {
    status: 422,
    says: "The public key is not an Ed25519 or P-256 JWK.",
    remedy: "Send a public JWK of kty OKP/Ed25519 or EC/P-256, without its private part.",
  },
  "credential.unknown": { status: 404, says: "There is no such key.", remedy: "List the robot's keys." },
  "credential.inactive": {
    status: 409,
    says: "Only an active key can name the next one.",
    remedy: "Ask for a ticket with the robot's newest key, then rotate with that.",
  },
  "credential.retired": {
    status: 409,
    says: "This key was retired or revoked and cannot come back.",
    remedy: "Make a new key and register that.",
  },
  "credential.last": {
    status: 409,
    says: "This is the last key that the robot has proved.",
    remedy: "Enroll or rotate to another key first, or repeat with force=true to lock the robot out.",
  },
  "enrollment.invalid": {
    status: 403,
    says: "The code is not one that is open.",
    remedy: "Ask an owner of the robot for a new code; it is good once, for 15 minutes.",
  },
  "proof.invalid": {
    status: 401,
    says: "The proof is not one of the new key for this request.",
    remedy: "Sign a JWT of typ tether-proof+jwt with the new key: aud this API's origin, sub, iat, and exp at most 60 seconds later.",
  },
  "assertion.invalid": {
    status: 401,
    says: "The robot's assertion is not valid.",
    remedy: "Sign a JWT with the robot's registered key: iss and sub the robot's id, aud this API's origin, exp, iat and jti.",
  },
  "assertion.key": {
    status: 401,
    says: "The service knows no such key of this robot: the assertion is not signed by one of its keys.",
    remedy:
      "Ask an owner of the robot for a one-time code and enroll it again: `tether-robot enroll --again`. If it was deleted, they create it anew.",
  },
  "assertion.audience": { status: 401, says: "The assertion was made for another service.", remedy: "Set aud to the origin of this API." },
  "assertion.expired": { status: 401, says: "The assertion is over.", remedy: "Sign a new one for each request." },
  "assertion.clock": { status: 401, says: "The robot's clock is off.", remedy: "Correct the clock by `serverTime` and sign again." },
  "assertion.lifetime": { status: 401, says: "The assertion lives longer than a minute.", remedy: "Set exp at most 60 seconds after iat." },
  "assertion.replayed": {
    status: 401,
    says: "The assertion was used before.",
    remedy: "Sign a new one with a fresh jti for each request.",
  },
  "ticket.missing": {
    status: 403,
    says: "The handshake carries no ticket.",
    remedy: "Offer the subprotocols `tether.v1` and `ticket.<ticket>`.",
  },
  "ticket.invalid": {
    status: 403,
    says: "The ticket is not one that this service made.",
    remedy: "Fetch a ticket and connect with it unaltered.",
  },
  "ticket.expired": { status: 403, says: "The ticket is over.", remedy: "Fetch a ticket right before each connect." },
  "ticket.purpose": {
    status: 403,
    says: "The ticket is for another purpose.",
    remedy: "Use a connect ticket to connect and a renew ticket to renew.",
  },
  "ticket.used": {
    status: 409,
    says: "The ticket was used before, or a newer one was.",
    remedy: "Fetch a ticket right before each connect.",
  },
  "protocol.unsupported": {
    status: 400,
    says: "The broker does not speak this version of the protocol.",
    remedy: "Use an SDK that speaks tether.v1.",
  },
  "frame.malformed": { status: 400, says: "The frame is not a JSON object with a `type`.", remedy: "Send one JSON object a text frame." },
  "frame.invalid": {
    status: 422,
    says: "The frame has a field that is missing or wrong.",
    remedy: "Correct the fields listed in `fields`.",
  },
  "frame.too-large": { status: 413, says: "The frame is too large to be relayed.", remedy: "Keep a signal's data within 28 KB." },
  "hello.required": { status: 409, says: "The connection has not said hello.", remedy: "Send hello first and wait for welcome." },
  "signal.target": {
    status: 404,
    says: "There is no such peer on this robot.",
    remedy: "Send only to sessions named in welcome or peer.online.",
  },
  "signal.backlog": {
    status: 429,
    says: "The peer has not taken the last 256 signals.",
    remedy: "Send again when the peer is online and has caught up.",
  },
  "peer.too-many": {
    status: 429,
    says: "This user made too many peer connections with the robot.",
    remedy: "Offer again after `retryAfterMs`; keep a peer connection over an outage instead of making another.",
  },
  "peer.unrestartable": {
    status: 409,
    says: "This peer connection broke, and the robot's WebRTC stack cannot restart ICE.",
    remedy: "Close it, and make a new one.",
  },
  "control.unheld": {
    status: 409,
    says: "This session does not hold control of the robot.",
    remedy: "Ask for it with control.request.",
  },
  "control.target": {
    status: 404,
    says: "Control cannot be handed to that session.",
    remedy: "Hand it to another session of an operator that is online.",
  },
  "control.unasked": {
    status: 409,
    says: "That session is not asking for control.",
    remedy: "Answer those named in control.requested, in time.",
  },
  "stop.undelivered": {
    status: 503,
    says: "The robot has no connection on which it could be told to stop.",
    remedy: "Stop it over the data channel, or at the robot.",
  },
  "session.superseded": {
    status: 409,
    says: "This connection is no longer the session's.",
    remedy: "Stop sending here; the newer connection goes on.",
  },
  "auth.unmoved": { status: 409, says: "The renewal moves nothing.", remedy: "Renew by a newer token than the lease stands on." },
  "session.expired": { status: 401, says: "The session's lease is over.", remedy: "Renew it with a renew ticket." },
  "rate.limited": {
    status: 429,
    says: "Too many requests.",
    remedy: "Wait as long as Retry-After says; on a socket, send fewer frames a second.",
  },
  unavailable: { status: 503, says: "The service cannot answer just now.", remedy: "Try again after a short random wait." },
  internal,
} as const satisfies Record<string, Row>;

export type ProblemCode = keyof typeof problems;
// The two schemas are made in a call marked as pure, so that a Lambda that names a problem need not carry the table's words.
/** The name of a problem, as this version knows them: a key of `problems`. What is read from a wire may name others (`OpenCode`). */
export const ProblemCode = /* @__PURE__ */ (() => z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]))();

/** A refusal as a value. `fields` names what is wrong, never with the input itself. */
export type Problem = { readonly problem: ProblemCode; readonly fields?: readonly string[] };

/** Makes a problem. `fields` are paths of what is wrong, e.g. `control.deadmanMs`. */
export function problem(code: ProblemCode, fields?: readonly string[]): Problem {
  return fields ? { problem: code, fields } : { problem: code };
}

/** Answers whether a result is a problem, rather than what was asked for. */
export function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "problem" in value;
}

/** Statuses of what was decided about who asks: asking the same again is no use. The others say that the service is busy, broken or ahead. */
const finalStatuses: ReadonlySet<number> = new Set([400, 401, 403, 404, 410, 413, 422]);
/** The part that each request draws anew: the next one may be taken. */
const passing: ReadonlySet<string> = new Set(["assertion.expired", "assertion.replayed"]);
/** Whether an end that is refused so must stay down. A code of a newer service is judged by its status. E3.1, F7 */
export function isFinal(code: string, status: number): boolean {
  return code === "session.superseded" || (finalStatuses.has(status) && !passing.has(code));
}

/** The address of the page about a problem, at the origin of the console: what the `type` of a refusal names (RFC 9457 §3.1.1). */
export function problemType(consoleOrigin: string, code: ProblemCode): string {
  return `${consoleOrigin}/problems/${code}.html`;
}

/** RFC 9457. `type` is the address of a page about it; `title` is the row's `says`, `detail` its `remedy`. */
export const ProblemDetails = /* @__PURE__ */ (() =>
  z.object({
    type: Text,
    title: Text,
    status: z.int(),
    detail: Text,
    code: OpenCode,
    fields: z.optional(z.array(Text)),
    serverTime: z.int(),
  }))();
export type ProblemDetails = z.infer<typeof ProblemDetails>;
