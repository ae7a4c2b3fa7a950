import wrtc from "@roamhq/wrtc";
import type { ClientSession } from "@tether/sdk/client";
import { type Channels, type Joins, makeChannels, takeChannels } from "@tether/sdk/control/channel";
import { follow } from "@tether/sdk/peer/follow";
import type { Guard, RobotSession } from "@tether/sdk/robot";
import type { ChannelLike } from "@tether/sdk/rtc/channel";
import { onTestFinished } from "vitest";
import { type BrokenPath, breakable, breakPath } from "./broken-path.ts";
import type { World } from "./world.ts";

/** Messages of one label from one end to the other that have not arrived. */
type Flight = { readonly under: (() => void)[] };

/** Resolves when a channel of a peer connection is open. */
const opening = (channel: RTCDataChannel) =>
  new Promise<void>((resolve) => channel.addEventListener("open", () => resolve(), { once: true }));

/**
 * Real peer connections, negotiated through the broker, in a world whose clock is virtual: time does not go on before every message that
 * was sent has arrived. What is between two ends on this machine loses none.
 */
export function createPeers(world: Pick<World, "quiet">) {
  const flights = new Map<string, Flight>();
  let broken: BrokenPath | undefined;
  const made: { readonly [side in "robot" | "client"]: RTCPeerConnection[] } = { robot: [], client: [] };

  function flightOf(key: string): Flight {
    const flight = flights.get(key) ?? { under: [] };
    flights.set(key, flight);
    return flight;
  }

  /** The channel, whose messages count as under way from one end's `send` to the other end's listener. */
  function counted(channel: ChannelLike, out: Flight, back: Flight): ChannelLike {
    const land = (flight: Flight) => {
      for (const end of flight.under.splice(0)) end();
    };
    const self: ChannelLike = {
      get readyState() {
        return channel.readyState;
      },
      get bufferedAmount() {
        return channel.bufferedAmount;
      },
      send(data) {
        // On a path that broke all is lost.
        if (broken) return;
        channel.send(data);
        out.under.push(world.quiet.begin("channel message"));
      },
      close: () => channel.close(),
      onopen: null,
      onmessage: null,
      onclose: null,
    };
    channel.onopen = (event) => self.onopen?.(event);
    channel.onmessage = (event) => {
      self.onmessage?.(event);
      back.under.shift()?.();
    };
    channel.onclose = (event) => {
      self.onclose?.(event);
      for (const flight of [out, back]) land(flight);
    };
    return self;
  }

  function countedBoth({ control, events }: Channels, client: string, from: "robot" | "client"): Channels {
    const to = from === "robot" ? "client" : "robot";
    const one = (name: string, channel: ChannelLike) =>
      counted(channel, flightOf(`${client} ${name} to ${to}`), flightOf(`${client} ${name} to ${from}`));
    return { control: one("control", control), events: one("events", events) };
  }

  const connect = (side: keyof typeof made) => () => {
    const pc = breakable(new wrtc.RTCPeerConnection(), world.quiet);
    pc.addEventListener("signalingstatechange", () => {
      if (broken?.isMended()) broken = void broken.mend();
    });
    made[side].push(pc);
    return pc;
  };

  function followRobot(session: RobotSession, guard: Guard): void {
    const control: Joins = {
      join(peer, pc) {
        let close = () => {};
        const ignore = takeChannels(pc, (channels) => {
          close = guard.open(peer as Parameters<Guard["open"]>[0], countedBoth(channels, peer, "robot"));
        });
        return () => {
          ignore();
          close();
        };
      },
    };
    onTestFinished(follow({ session, polite: false, connect: connect("robot"), control }));
  }

  /** Answers the operator's ends of its newest channels when asked, once they are open. */
  function followClient(client: ClientSession): () => Promise<Channels> {
    let newest = Promise.withResolvers<Channels>();
    const control: Joins = {
      join(_, pc) {
        const channels = makeChannels(pc) as { readonly [Name in keyof Channels]: RTCDataChannel };
        const own = countedBoth(channels, client.id ?? "", "client");
        newest = Promise.withResolvers();
        const { resolve } = newest;
        void Promise.all(Object.values(channels).map(opening)).then(() => resolve(own));
        return client.control.open(own);
      },
    };
    onTestFinished(follow({ session: client, polite: true, connect: connect("client"), control }));
    return () => newest.promise;
  }

  return {
    made,
    followRobot,
    followClient,
    /** The path between the newest two peer connections carries nothing from now on, until they have negotiated another one. Call the result when both notice. */
    breakPath(): () => void {
      broken = breakPath([made.robot, made.client].flatMap((pcs) => pcs.slice(-1)));
      return broken.notice;
    },
  };
}
