import type { ControlPermit } from "@tether/protocol/control";
import { OnControl, Stop, ToRobot } from "@tether/protocol/control";
import type { Declaration } from "@tether/protocol/declaration";
import type { ClientSessionId } from "@tether/protocol/id";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { type Channels, read, write, writeNews } from "../channel.ts";
import { createDeclarationCheck } from "./declared.ts";
import type { Happening } from "./event.ts";
import { pressOf } from "./press.ts";
import type { Way } from "./state.ts";

/** The number of permits of one pair of channels that are verified at a time; the next are dropped. */
const verifyingMost = 4;

type Env = {
  readonly clock: Clock;
  readonly log: Log;
  readonly declaration: Declaration | undefined;
  readonly verify: (permit: string) => Promise<ControlPermit | undefined>;
  readonly put: (happening: Happening) => void;
  /** Called when one of the channels closed, or when they were given up. */
  readonly closed: () => void;
};

type Client = { readonly pair: number; readonly session: ClientSessionId };

/** A press of stop that came on a channel with this client. */
function stopOf(session: ClientSessionId, way: Way, { key }: { readonly key?: string | undefined }): Happening {
  return { type: "stopOrdered", press: pressOf(way, session, key), session };
}

/** The stop that a message is which came before both channels with a client were there; undefined for any other. R7 */
export function earlyStop(session: ClientSessionId, way: Way, data: unknown): Happening | undefined {
  const stop = read(Stop, data);
  return stop && stopOf(session, way, stop);
}

/**
 * Tells what a client says on its channels. Where one of the two closed, the other is good for a stop alone (R7.1). Calling what it returns gives
 * both up: nothing on them is heard any more.
 */
export function hearClient(env: Env, { pair, session }: Client, channels: Channels): () => void {
  const { clock, log, declaration, verify, put, closed } = env;
  let state: "whole" | "broken" | "left" = "whole";
  let verifying = 0;
  const isWhole = () => state === "whole";

  async function permitShown(permit: string): Promise<void> {
    if (verifying >= verifyingMost) return;
    verifying += 1;
    const verified = await verify(permit);
    verifying -= 1;
    if (isWhole()) put({ type: "permitShown", pair, session, permit: verified });
  }

  function leave(now: "broken" | "left"): void {
    const wasWhole = isWhole();
    if (state !== "left") state = now;
    if (wasWhole) closed();
  }

  const isCommand = createDeclarationCheck(declaration, () => log({ event: "guard.undeclared", session }));

  channels.events.onmessage = ({ data }) => {
    const message = state === "left" ? undefined : read(ToRobot, data);
    if (message?.type === "stop") put(stopOf(session, "events", message));
    else if (!message || !isWhole()) return;
    else if (message.type === "permit") void permitShown(message.permit);
    else if (message.type === "resume") put({ ...message, type: "resumed", pair });
    else put({ ...message, type: "clockSampled", pair });
  };
  channels.control.onmessage = ({ data }) => {
    const message = state === "left" ? undefined : read(OnControl, data);
    if (message && "type" in message && message.type === "stop") put(stopOf(session, "control", message));
    else if (!message || !isWhole()) return;
    else if (!("type" in message)) {
      if (isCommand(message.command)) put({ ...message, type: "commanded", pair });
    } else writeNews(channels.control, { type: "pong", ...(message.t0 !== undefined && { t0: message.t0, at: clock.now() }) }); // R30, R33
  };
  for (const channel of [channels.events, channels.control]) channel.onclose = () => leave("broken");
  const join = () => {
    if (!isWhole()) return;
    if (declaration) write(channels.events, { type: "declaration", declaration }); // R35
    put({ type: "channelsOpened", pair });
  };
  channels.events.onopen = join;
  if (channels.events.readyState === "open") join();
  return () => leave("left");
}
