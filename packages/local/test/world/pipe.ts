import type { Drive } from "@tether/sdk/client";
import type { Guard } from "@tether/sdk/robot";
import type { World } from "./world.ts";

type Channels = Parameters<Drive["open"]>[0];
export type Channel = { -readonly [Name in keyof Channels["control"]]: Channels["control"][Name] };

/** Two ends of a channel that lets 20 ms pass by the world's clock: a peer connection that outlives any outage of the signalling. */
function createPipe({ clock }: Pick<World, "clock">): readonly [Channel, Channel] {
  const create = (other: () => Channel): Channel => {
    const channel: Channel = {
      readyState: "open",
      bufferedAmount: 0,
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (data) => void clock.after(20, () => other().readyState === "open" && other().onmessage?.({ data })),
      close() {
        for (const end of [channel, other()]) {
          if (end.readyState === "closed") continue;
          end.readyState = "closed";
          end.onclose?.({});
        }
      },
    };
    return channel;
  };
  const one: Channel = create(() => two);
  const two: Channel = create(() => one);
  return [one, two];
}

/** Joins an operator to a robot; answers the operator's ends. */
export function join(
  world: World,
  guard: Guard,
  drive: Drive,
  session: Parameters<Guard["open"]>[0],
): { readonly control: Channel; readonly events: Channel } {
  const [control, events] = [createPipe(world), createPipe(world)];
  guard.open(session, { control: control[1], events: events[1] });
  drive.open({ control: control[0], events: events[0] });
  return { control: control[0], events: events[0] };
}
