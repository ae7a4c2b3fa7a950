import type { Clock } from "../clock/clock.ts";
import type { OperatorPeer } from "./operator-peer.ts";
import { Failure } from "./watch.ts";

/** A robot with operators on its channels, one of whom may have control: all that a case needs which judges a robot wherever it runs. */
export type Drivable = {
  readonly clock: Clock;
  wait(ms: number): Promise<void>;
  /** The operator that drives in the cases after the one that chose it. */
  driver(): OperatorPeer;
  choose(operator: OperatorPeer): void;
  /** An operator that the robot has data channels with. */
  join(): Promise<OperatorPeer>;
  /** The operator holds control in a new epoch, and was accepted. */
  take(operator: OperatorPeer): Promise<number>;
  /** As `take`, and the operator's clock is known. */
  hold(operator: OperatorPeer): Promise<number>;
  /** Nobody holds control, by the broker's word. */
  free(): void;
  /** The last permit that the broker signed for the operator, as a compact JWS, and the terms of it. */
  permitOf(operator: OperatorPeer): { readonly jws: string; readonly deadmanMs: number; readonly maxAgeMs: number };
  show(operator: OperatorPeer, permit: string): Promise<Answer>;
  obeys(operator: OperatorPeer, epoch: number, part?: () => object): Promise<boolean>;
  /** The operator stops the robot by a frame to the broker. */
  stopByFrame(operator: OperatorPeer, message: { readonly key: string }): void;
  /** The holder drives on after the stop that is in force, so that the next case begins with a robot that drives. */
  resume(operator: OperatorPeer, epoch: number): Promise<void>;
};

type Answer = { readonly type: "accepted" | "refused"; readonly seq?: number; readonly reason?: string; readonly stop?: number };

/** How the robot answers a permit. */
export async function show(operator: OperatorPeer, permit: string): Promise<Answer> {
  const from = operator.received.all.length;
  operator.onEvents({ type: "permit", permit });
  const { message } = await operator.received.until(
    "accepted or refused",
    ({ message }) => message.type === "accepted" || message.type === "refused",
    { from },
  );
  return message as Answer;
}

/**
 * Whether the robot obeys: it then moves, if only at speed 0, and its dead-man stops it. Nothing of that comes of commands that are not
 * obeyed. A few are sent, since the channel may lose one.
 */
export async function obeys(
  { wait, permitOf }: Pick<Drivable, "wait" | "permitOf">,
  operator: OperatorPeer,
  epoch: number,
  part: () => object,
) {
  const from = operator.received.all.length;
  for (let n = 0; n < 5; n += 1) {
    operator.command(epoch, part());
    await wait(40);
  }
  try {
    // Long enough for whatever a robot wrongly does to be seen.
    const ms = permitOf(operator).deadmanMs + 700;
    await operator.message("stopped", { from, ms, where: ({ reason }: { reason: string }) => reason === "deadman" });
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** The number of the newest stop that the operator was told of. */
export function newestStop({ received }: OperatorPeer): number {
  return Math.max(
    0,
    ...received.all.map(({ message }) => (message.type === "stopped" || message.type === "latched" ? (message.stop ?? 0) : 0)),
  );
}

/** Drives on after a stop, of which everyone is told. */
export async function resume(operator: OperatorPeer, epoch: number, stop: number): Promise<void> {
  const from = operator.received.all.length;
  operator.onEvents({ type: "resume", epoch, stop, seq: operator.state.seq });
  await operator.message("resumed", { from });
}
