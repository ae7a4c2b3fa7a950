import type { DataChannel } from "node-datachannel";
import type { PeerNews } from "../message.ts";
import type { Guard } from "./guard.ts";
import { unlessClosed } from "./unless-closed.ts";

type Env = { readonly guard: Guard; readonly tell: (news: PeerNews) => void };

/** The data channels of one peer connection that the agent speaks on, by their numbers. */
export function createChannels({ guard, tell }: Env) {
  const channels = new Map<number, DataChannel>();
  const taken = new Map<number, number>();

  function tellBuffered(number: number, channel: DataChannel): void {
    tell({ news: "buffered", channel: number, taken: taken.get(number) ?? 0, waiting: channel.bufferedAmount() });
  }

  return {
    add(channel: DataChannel): void {
      const number = channels.size + 1;
      channels.set(number, channel);
      channel.onOpen(guard(() => tell({ news: "opened", channel: number })));
      channel.onClosed(guard(() => tell({ news: "closed", channel: number })));
      channel.onMessage(guard((data) => typeof data === "string" && tell({ news: "message", channel: number, data })));
      channel.setBufferedAmountLowThreshold(0);
      channel.onBufferedAmountLow(() => unlessClosed(() => tellBuffered(number, channel)));
      tell({ news: "channel", channel: number, label: channel.getLabel() });
      if (channel.isOpen()) tell({ news: "opened", channel: number });
    },
    send(number: number, data: string): void {
      const channel = channels.get(number);
      unlessClosed(() => {
        if (!channel?.isOpen()) return;
        channel.sendMessage(data);
        taken.set(number, (taken.get(number) ?? 0) + data.length);
        tellBuffered(number, channel);
      });
    },
    close: (number: number): void => unlessClosed(() => channels.get(number)?.close()),
  };
}
