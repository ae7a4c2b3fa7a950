import { limits } from "@tether/protocol/limits";
import { RawEnd } from "../raw-end.ts";
import { greeting, type KeyHolder, operator } from "../world.ts";
import type { Seat, Stage } from "./stage.ts";

/** Ends that no SDK of ours would be: they do not say hello, do not keep alive, do not hand over, do not renew. */

type Wants = { readonly hello: boolean; readonly pings: boolean; readonly lifeMs?: number };

async function ticketOf({ world }: Stage, robot: KeyHolder, of: "robot" | "client", lifeMs: number | undefined) {
  const asked =
    of === "robot" ? world.ticketFor.robot(robot) : world.ticketFor.client(robot, operator, lifeMs === undefined ? {} : { lifeMs });
  const { status, body } = await asked;
  return status === 201 ? body : undefined;
}

export async function startMisfit(
  stage: Stage,
  { robot, number }: Seat,
  of: "robot" | "client",
  { hello, pings, lifeMs }: Wants,
): Promise<void> {
  const { world, witness } = stage;
  const issued = await ticketOf(stage, robot, of, lifeMs);
  if (!issued) return;
  const end = new RawEnd(world.quiet, world.system.brokerUrl, issued.ticket);
  const heard = witness.heard(`misfit of ${number}`);
  const { onmessage, onopen } = end.socket;
  end.socket.onmessage = (event) => {
    onmessage?.(event);
    const frame = end.frames.at(-1);
    if (frame) heard(frame);
  };
  const ping = () => {
    if (end.closed) return;
    end.send({ type: "ping" });
    world.clock.after(limits.keepalive.everyMs, ping);
  };
  end.socket.onopen = () => {
    onopen?.();
    if (hello) end.send({ type: "hello", ...greeting });
    if (pings) ping();
  };
}
