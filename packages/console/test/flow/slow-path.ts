import { createSocket, type Socket } from "node:dgram";
import { platform } from "@tether/sdk/platform";
import type { Page } from "playwright-core";
import { onTestFinished } from "vitest";

type Address = { readonly address: string; readonly port: number };

/** Carries a packet on, or loses it. */
export type Carry = (packet: Buffer, to: "robot" | "page", deliver: () => void) => void;

/** Carries the packets between one end and a robot's candidate. The robot sees its own side of this as the other end. */
async function relayTo(robot: Address, carry: Carry): Promise<number> {
  const [near, far] = [createSocket("udp4"), createSocket("udp4")];
  let end: Address | undefined;
  let isOver = false;
  const send = (socket: Socket, packet: Buffer, { address, port }: Partial<Address> = {}) => {
    if (!isOver && address !== undefined) socket.send(packet, port, address);
  };
  near.on("message", (packet, from) => {
    end = from;
    carry(packet, "robot", () => send(far, packet, robot));
  });
  far.on("message", (packet) => carry(packet, "page", () => send(near, packet, end)));
  // A packet that the system cannot send is lost, as on any path.
  for (const socket of [near, far]) socket.on("error", () => {});
  onTestFinished(() => {
    isOver = true;
    near.close();
    far.close();
  });
  const bound = (socket: Socket) => new Promise<void>((resolve) => void socket.bind(0, "127.0.0.1", () => resolve()));
  await Promise.all([bound(near), bound(far)]);
  return near.address().port;
}

/** From the next load on, all that goes between the page and a robot takes so long each way. */
export const delayPath = (page: Page, delayMs: number) => carryPath(page, (_, __, deliver) => void platform.clock.after(delayMs, deliver));

/**
 * From the next load on, all that goes between the page and a robot is carried by this: the page is told of relays in place of the robot's
 * candidates, and tells of none of its own.
 */
export async function carryPath(page: Page, carry: Carry): Promise<void> {
  await page.exposeFunction("relayTo", (address: string, port: number) => relayTo({ address, port }, carry));
  await page.addInitScript(() => {
    const { relayTo: relay } = window as unknown as { relayTo: (address: string, port: number) => Promise<number> };
    const { prototype } = RTCPeerConnection;

    /** A candidate of the robot as the page is to know it; nothing for one that the relays cannot carry. */
    async function relayed(candidate: string): Promise<string | undefined> {
      const [foundation, component, transport = "", priority, address = "", port = "", ...rest] = candidate.split(" ");
      if (transport.toLowerCase() !== "udp" || !/^[\d.]+$/.test(address)) return undefined;
      return [foundation, component, transport, priority, "127.0.0.1", await relay(address, Number(port)), ...rest].join(" ");
    }
    async function rewritten(sdp: string): Promise<string> {
      const lines = await Promise.all(
        sdp.split("\r\n").map(async (line) => {
          if (!line.startsWith("a=candidate:")) return line;
          const candidate = await relayed(line.slice("a=".length));
          return candidate && `a=${candidate}`;
        }),
      );
      return lines.filter((line) => line !== undefined).join("\r\n");
    }

    const add = prototype.addIceCandidate as (candidate: RTCIceCandidateInit) => Promise<void>;
    prototype.addIceCandidate = async function (this: RTCPeerConnection, given?: RTCIceCandidateInit | null) {
      const candidate = given?.candidate && (await relayed(given.candidate));
      if (candidate) await add.call(this, { ...given, candidate });
    } as typeof prototype.addIceCandidate;
    const describe = prototype.setRemoteDescription as (description: RTCSessionDescriptionInit) => Promise<void>;
    prototype.setRemoteDescription = async function (this: RTCPeerConnection, { type, sdp = "" }: RTCSessionDescriptionInit) {
      await describe.call(this, { type, sdp: await rewritten(sdp) });
    } as typeof prototype.setRemoteDescription;
    const listen = prototype.addEventListener;
    prototype.addEventListener = function (this: RTCPeerConnection, ...listened: Parameters<typeof listen>) {
      if ((listened[0] as string) !== "icecandidate") listen.apply(this, listened);
    } as typeof listen;
    for (const name of ["createOffer", "createAnswer"] as const) {
      const create = prototype[name] as () => Promise<RTCSessionDescriptionInit>;
      prototype[name] = async function (this: RTCPeerConnection) {
        const { type, sdp = "" } = await create.call(this);
        return { type, sdp: sdp.replace(/a=candidate:.*\r\n/g, "") };
      } as (typeof prototype)[typeof name];
    }
  });
}
