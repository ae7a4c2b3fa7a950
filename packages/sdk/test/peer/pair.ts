import wrtc from "@roamhq/wrtc";
import type { SignalData } from "@tether/protocol/frame/signal";
import type { Clock } from "../../src/clock.ts";
import { type NegotiateOptions, type Negotiation, negotiate } from "../../src/peer/negotiate.ts";
import { platform } from "../../src/platform.ts";
import { type Descriptions, keepDescriptions } from "../../src/rtc/descriptions.ts";

type Side = { readonly pc: RTCPeerConnection; readonly described: Descriptions; readonly sent: SignalData[]; negotiation: Negotiation };

type Options = {
  freshIceServers?: () => Promise<RTCIceServer[]>;
  clock?: Clock;
  /** The options of the client's negotiation. */
  client?: Pick<NegotiateOptions, "canRestart" | "replace">;
  /** The stack of one side or both, where it is another than wrtc. */
  stacks?: { readonly client?: () => RTCPeerConnection; readonly robot?: () => RTCPeerConnection };
};

/** Two peer connections whose signals cross an in-memory pipe, in order. `hold` keeps them from crossing. */
export function createPair(options: Options = {}) {
  const log: string[] = [];
  let holding = false;
  const waiting: (() => void)[] = [];
  const client = createSide(true);
  const robot = createSide(false);

  function createSide(polite: boolean): Side {
    const make = polite ? options.stacks?.client : options.stacks?.robot;
    const pc: RTCPeerConnection = make?.() ?? new wrtc.RTCPeerConnection();
    const described = keepDescriptions(pc);
    const sent: SignalData[] = [];
    const cross = (data: SignalData) => void (polite ? robot : client).negotiation.receive(JSON.parse(JSON.stringify(data)));
    const negotiation = negotiate({
      pc,
      polite,
      ...(options.freshIceServers && { freshIceServers: options.freshIceServers }),
      log: (line) => log.push(JSON.stringify(line)),
      clock: options.clock ?? platform.clock,
      ...(polite && options.client),
      send(data) {
        sent.push(data);
        if (holding) waiting.push(() => cross(data));
        else queueMicrotask(() => cross(data));
      },
    });
    return { pc, described, sent, negotiation };
  }

  return {
    client,
    robot,
    log,
    hold: () => {
      holding = true;
    },
    release(order: (held: readonly (() => void)[]) => readonly (() => void)[] = (held) => held) {
      holding = false;
      for (const cross of order(waiting.splice(0))) cross();
    },
    close() {
      client.negotiation.close();
      robot.negotiation.close();
    },
  };
}

/** Resolves when it holds; engine events are awaited, not time. */
export function until(pc: RTCPeerConnection, event: string, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds()) return;
      pc.removeEventListener(event, look);
      resolve();
    };
    pc.addEventListener(event, look);
    look();
  });
}

export const connected = (pc: RTCPeerConnection): Promise<void> =>
  until(pc, "connectionstatechange", () => pc.connectionState === "connected");
