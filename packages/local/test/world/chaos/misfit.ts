import { limits } from "@tether/protocol/limits";
import { RawEnd } from "../raw-end.ts";
import { greeting } from "../world.ts";
import type { Manned, Stage } from "./stage.ts";

/** Ends that no SDK of ours would be: they do not say hello, do not keep alive, do not hand over, do not renew, do not heed. */

type Kind = {
  /** The user of the client; without one the end is a robot. */
  readonly as?: string;
  readonly hello?: boolean;
  readonly pings?: boolean;
  readonly lifeMs?: number;
  readonly instance?: string;
  /** The connection that it hands over from. */
  readonly former?: RawEnd | undefined;
};

export async function startMisfit({ world, witness }: Stage, { robot, number }: Manned, kind: Kind): Promise<RawEnd | undefined> {
  const { as, hello = true, pings = true, lifeMs, instance = greeting.instance, former } = kind;
  const asked = as === undefined ? world.ticketFor.robot(robot) : world.ticketFor.client(robot, as, lifeMs === undefined ? {} : { lifeMs });
  // An end that is refused, or not answered, does not insist.
  const issued = await asked.catch(() => undefined);
  if (issued?.status !== 201) return undefined;
  const end = new RawEnd(world.quiet, world.system.brokerUrl, issued.body.ticket, world.dial);
  const heard = witness.heard(`misfit of ${number}`);
  const { onmessage, onopen } = end.socket;
  end.socket.onmessage = (event) => {
    onmessage?.(event);
    const frame = end.frames.at(-1);
    if (frame) heard(frame);
    // H6: where nobody took over from it in between, closing it is its own part.
    if (frame?.type === "welcome" && !former?.closed) former?.socket.close(1000);
  };
  const ping = () => {
    if (end.closed) return;
    end.send({ type: "ping" });
    world.clock.after(limits.keepalive.everyMs, ping);
  };
  end.socket.onopen = () => {
    onopen?.();
    if (hello) end.send({ type: "hello", ...greeting, instance });
    if (pings) ping();
  };
  return end;
}
