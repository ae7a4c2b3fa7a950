import type { Actor } from "@tether/protocol/actor";
import type { Control, PendingRequest, ToOperator } from "@tether/protocol/control";
import type { Declaration } from "@tether/protocol/declaration";
import type { ControlChanged, RobotStopped } from "@tether/protocol/frame/control";
import type { ProblemFrame } from "@tether/protocol/frame/problem";
import type { Block } from "./block.ts";
import type { State } from "./drive-link-machine.ts";
import type { StopInForce } from "./stop-in-force.ts";

type Of<Type extends ToOperator["type"]> = Omit<Extract<ToOperator, { type: Type }>, "type">;

/** The events of a drive by their names. Instants are ms since the Unix epoch. */
export type DriveEvents = {
  /** The holder of control changed, or became known. `mine`: this end holds it. */
  control: { readonly control: Control; readonly mine: boolean } & Partial<Pick<ControlChanged, "because" | "actor" | "reason">>;
  /** Another client asks for control, which this end holds. `answerBy` is by the broker's clock. A request is told once, also over a reconnect. */
  requested: PendingRequest;
  /** The request of this end was put to the holder. */
  asked: { readonly answerBy: number };
  /** The request of this end was refused: by whom, and why. */
  denied: { readonly actor: Actor; readonly reason?: string | undefined };
  /** Whether this end can drive changed. */
  drive: { readonly canDrive: boolean; readonly why: Block | undefined };
  /** How the channels with the robot stand. `silent`: they are open, and it has not answered for a second. */
  link: { readonly state: State["state"] };
  /** The robot accepted this end's permit: it obeys commands of this epoch. */
  accepted: { readonly epoch: number };
  refused: Of<"refused">;
  /** The robot was stopped. With `stop`, until someone who can drive resumes. */
  stopped: Of<"stopped">;
  /** A stop by order came into force, or its holder resumed from it: also one from before this end joined. */
  order: { readonly stop: StopInForce | undefined };
  /** Someone pressed STOP, as the broker tells everyone. */
  pressed: Omit<RobotStopped, "type">;
  /** How the robot does while this end drives. */
  robot: Of<"state">;
  telemetry: unknown;
  /** The robot said what it is; undefined where its channels were made anew and it has not said it again. */
  declaration: { readonly declaration: Declaration | undefined };
  /** A picture was taken, by the robot's clock: for an end that shows none and commands. */
  picture: { readonly stream: string; readonly takenAt: number };
  /** The broker refused what this end asked for. */
  problem: { readonly code: ProblemFrame["code"]; readonly says: string; readonly remedy: string };
};
