import type { Account } from "@tether/protocol/account";
import { type InstanceId, RobotSessionId } from "@tether/protocol/id";
import type { Signer } from "../assertion/signer.ts";
import { createGuard, type Guard, type GuardOptions } from "../control/guard/guard.ts";
import { createManoeuvreReporter, type Manoeuvred } from "../control/guard/manoeuvre-reporter.ts";
import type { KeyStore } from "../credential/key-store.ts";
import { rotatingTickets } from "../credential/rotating-tickets.ts";
import type { Log } from "../log.ts";
import { type Platform, platformWith } from "../platform.ts";
import { openSession } from "../session/open.ts";
import type { Session } from "../session/session.ts";
import { robotTickets } from "../ticket/robot.ts";

export type RobotSession = Session<RobotSessionId> & {
  /** Makes the guard, which hands the driver only commands that are safe to obey. Call it once, in the same turn as `serve`: a guard made later misses events. */
  guard(options: GuardOptions): Guard;
  /** Puts an event of the robot on its timeline while the session goes on. Without a live connection the report is lost. */
  report(account: Account): void;
  /**
   * Puts on the timeline how the stages of a stop went that no guard of this session saw, `agoMs` after it began. What comes without a live
   * connection is told with the next one.
   */
  reportManoeuvre(done: Manoeuvred, agoMs: number): void;
};

/** The robot's proof of identity. `signer`: one key, whose rotation is the caller's. `keys`: kept keys, which are rotated unasked 30 days after they were made. */
type Proof = { readonly signer: Signer; readonly keys?: undefined } | { readonly keys: KeyStore; readonly signer?: undefined };

export type ServeOptions = Proof & {
  /** The API's address, e.g. `https://api.example.org`. */
  readonly api: string;
  readonly robot: string;
  /** The instance of this run, from `makeInstance`. Default: a new one, which takes over from any other. A run that serves again after it was superseded must give its own. */
  readonly instance?: InstanceId;
  /** Replacements for Node's own clock, randomness, fetch and WebSocket. Default: none. A socket that can ping notices a dead network within a minute. */
  readonly platform?: Partial<Platform>;
  /** The end of the run before this one, where that run did not sign off: for the timeline. */
  readonly before?: Account | undefined;
  /** Takes one line per step: ids, codes and numbers, nothing secret. Default: no log. */
  readonly log?: Log;
};

/**
 * Puts a robot online, and reconnects until `leave`, `close`, or an answer of the service that is final; the broker knows which session goes
 * on. Returns at once and never throws: every failure comes as `state` with its reason.
 */
export function serve(options: ServeOptions): RobotSession {
  const world = platformWith(options.platform);
  const { api, robot, log = () => {} } = options;
  const env = { ...world, api, robot, log };
  const { session, broker } = openSession<RobotSessionId>({
    platform: world,
    log,
    tickets: options.keys ? rotatingTickets({ ...env, keys: options.keys }) : robotTickets({ ...env, signer: options.signer }),
    idOf(id) {
      const parsed = RobotSessionId.safeParse(id);
      return parsed.success ? parsed.data : undefined;
    },
    resume: undefined,
    instance: options.instance,
    save: () => {},
    features: [],
    before: options.before,
  });
  const reporter = createManoeuvreReporter(broker, world.steady);
  return Object.assign(session, {
    guard: (hooks: GuardOptions) => createGuard({ robot, broker, clock: world.steady, log }, hooks),
    report: (account: Account) => broker.send({ type: "report", account }),
    reportManoeuvre: reporter.add,
  });
}

export type { Account } from "@tether/protocol/account";
export { type PrivateKey, type Signer, signerFromJwk, thumbprint } from "../assertion/signer.ts";
export type { Guard, GuardOptions } from "../control/guard/guard.ts";
export type { Manoeuvre } from "../control/guard/manoeuvre.ts";
export type { Manoeuvred } from "../control/guard/manoeuvre-reporter.ts";
export { hashOfCode } from "../credential/code.ts";
export { type Algorithm, algorithms, makeKeyPair, publicKeyOf } from "../credential/key-pair.ts";
export type { KeyStore, Keys } from "../credential/key-store.ts";
export { redeem } from "../credential/redeem.ts";
export { type Rotated, rotate } from "../credential/rotate.ts";
export type { Platform } from "../platform.ts";
export type { Reason } from "../reason.ts";
export { makeInstance } from "../session/open.ts";
export type { Session, SessionEvents, Status } from "../session/session.ts";
export type { SocketLike } from "../socket.ts";
