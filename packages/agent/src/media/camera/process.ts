import type { ChildProcess } from "node:child_process";
import { createSocket } from "node:dgram";
import type { Clock } from "@tether/sdk/clock";
import * as z from "zod/mini";
import { beginsLaterSlice } from "../keyframe.ts";
import { keyframeRequest } from "../rtcp.ts";
import { payloadOf, readRtp } from "../rtp.ts";
import { type Microphone, readMicrophone } from "./microphone.ts";
import { createProgramGroup, type Notify, python } from "./program-group.ts";
import { script } from "./script.ts";
import { type CameraSettings, payloadTypes, readSource } from "./source.ts";

/** A running program of a camera, or of the microphone. */
export type CameraProcess = {
  requestKeyframe(): void;
  /** In bits per second. */
  setBitrate(bitrate: number): void;
  /** Ends the program; resolves when it is gone. */
  end(): Promise<void>;
};

export type CameraEvents = {
  packet(packet: Buffer): void;
  /** A frame's RTP timestamp, and when it was taken by the machine's clock. */
  frame(frame: { readonly rtp: number; readonly at: number }): void;
  /** Called once, unless it was ended from here. */
  ended(says: string): void;
};

export type LaunchCamera = (settings: CameraSettings | Microphone, bitrate: number, heard: CameraEvents) => CameraProcess;

const Said = z.discriminatedUnion("type", [
  z.object({ type: z.literal("frame"), rtp: z.int(), at: z.number() }),
  z.object({ type: z.literal("encoder"), name: z.string() }),
  z.object({ type: z.literal("failed"), says: z.string() }),
]);

/** A keyframe is up to 150 packets at once. */
const socketBytes = 1 << 20;

/** Starts programs of cameras, each with a port of 127.0.0.1 that its packets come to. */
export function createLaunchCamera(clock: Clock, notify: Notify): LaunchCamera {
  return (settings, bitrate, heard) => {
    const { name, codec = "h264" } = settings;
    const source = settings.codec === "opus" ? readMicrophone(settings.source) : readSource(settings);
    const socket = createSocket({ type: "udp4", recvBufferSize: socketBytes });
    let main: ChildProcess | undefined;
    let synchronization = 0;
    const control = { port: 0 };
    const group = createProgramGroup({ clock, notify, name, closed: () => socket.close(), ended: heard.ended });

    function onLine(line: string): void {
      const said = read(line);
      if (said?.type === "frame") heard.frame(said);
      else if (said?.type === "failed") group.fail(said.says);
      else if (said?.type === "encoder") notify.log(name, `Encoded by ${said.name}.`);
    }

    let isCut = false;
    socket.on("message", (packet) => {
      if (packet.length >= 12) synchronization = packet.readUInt32BE(8);
      if (!isCut && codec === "h264" && readRtp(packet) && beginsLaterSlice(payloadOf(packet))) {
        isCut = true;
        notify.log(
          name,
          "Its keyframes come in several slices: where one is lost a browser shows a part of the picture. Encode each picture as one.",
        );
      }
      heard.packet(packet);
    });
    socket.on("error", (error) => group.over(`Its port failed: ${error.message}.`));
    socket.bind(0, "127.0.0.1", () => {
      if (group.isOver) return;
      const { port } = socket.address();
      if (!source) return group.over("Its source is none that is known.");
      if (source.kind === "program") {
        control.port = port + 1;
        const env = {
          TETHER_RTP_PORT: port,
          TETHER_RTCP_PORT: control.port,
          TETHER_PAYLOAD_TYPE: payloadTypes[codec],
          TETHER_BITRATE: bitrate,
        };
        main = group.run(source.command, [], { shell: true, env }, onLine);
      } else {
        const feed = source.command === undefined ? undefined : group.run(source.command, [], { shell: true }).stdout;
        const { pipeline, isEncoded: encoded } = source;
        const options = JSON.stringify({ pipeline, encoded, codec, port, payload: payloadTypes[codec], bitrate });
        main = group.run(python, ["-c", script, options], { ...(feed && { feed }) }, onLine);
      }
    });

    const order = (what: object) => void (main?.stdin?.writable && main.stdin.write(`${JSON.stringify(what)}\n`));
    return {
      requestKeyframe() {
        order({ key: true });
        if (control.port > 0 && !group.isOver) socket.send(keyframeRequest(synchronization), control.port, "127.0.0.1");
      },
      setBitrate: (next) => order({ bitrate: Math.round(next) }),
      end: group.close,
    };
  };
}

function read(line: string): z.infer<typeof Said> | undefined {
  try {
    return Said.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
