import type { Clock } from "../../src/clock.ts";
import type { Channels } from "../../src/control/channel.ts";
import type { ChannelLike } from "../../src/rtc/channel.ts";

type FakeChannel = ChannelLike & { readyState: string; bufferedAmount: number; readonly sent: string[] };

/** Two ends of a channel; what one sends the other hears after `delayMs`. */
function createPipe(clock: Clock, delayMs: () => number): readonly [FakeChannel, FakeChannel] {
  const create = (other: () => FakeChannel): FakeChannel => {
    const channel: FakeChannel = {
      readyState: "open",
      bufferedAmount: 0,
      sent: [],
      onopen: null,
      onmessage: null,
      onclose: null,
      send(data) {
        channel.sent.push(data);
        clock.after(delayMs(), () => other().readyState === "open" && other().onmessage?.({ data }));
      },
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
  const one: FakeChannel = create(() => two);
  const two: FakeChannel = create(() => one);
  return [one, two];
}

export type FakeChannels = Channels & { readonly control: FakeChannel; readonly events: FakeChannel };

/** Both channels between an operator and a robot. */
export function createPipes(
  clock: Clock,
  delayMs: () => number = () => 0,
): { readonly operator: FakeChannels; readonly robot: FakeChannels } {
  const [control, events] = [createPipe(clock, delayMs), createPipe(clock, delayMs)];
  return { operator: { control: control[0], events: events[0] }, robot: { control: control[1], events: events[1] } };
}
