import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync } from "node:fs";
import type { Readable } from "node:stream";
import type { Clock } from "@tether/sdk/clock";
import * as z from "zod/mini";
import { createCutter } from "../../supervisor/line.ts";
import { beginsLaterSlice } from "../keyframe.ts";
import { keyframeRequest } from "../rtcp.ts";
import { payloadOf, readRtp } from "../rtp.ts";
import { type Microphone, readMicrophone } from "./microphone.ts";
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

/** GStreamer's bindings are packages of the system, which another Python on the path does not see. */
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
/** The longest line of a program that is read, in bytes. */
const lineMost = 4_096;
/** A keyframe is up to 150 packets at once. */
const socketBytes = 1 << 20;
/** The time between the end of a program's input and SIGKILL, in ms. */
const endMs = 1_000;

type Told = {
  log(camera: string, says: string): void;
  /** A process group began, or all of it that was started here is gone. */
  began(group: number): void;
  ended(group: number): void;
};

/** Starts programs of cameras, each with a port of 127.0.0.1 that its packets come to. */
export function createLaunchCamera(clock: Clock, { log, began, ended }: Told): LaunchCamera {
  return (settings, bitrate, heard) => {
    const { name, codec = "h264" } = settings;
    const source = settings.codec === "opus" ? readMicrophone(settings.source) : readSource(settings);
    const socket = createSocket({ type: "udp4", recvBufferSize: socketBytes });
    const children: ChildProcess[] = [];
    const gone: Promise<void>[] = [];
    let isOver = false;
    let failure: string | undefined;
    let main: ChildProcess | undefined;
    let synchronization = 0;
    const control = { port: 0 };

    async function close(): Promise<void> {
      if (isOver) return;
      isOver = true;
      socket.close();
      for (const child of children) child.stdin?.end();
      for (const child of children) signal(child, "SIGTERM");
      const cancel = clock.after(endMs, () => {
        for (const child of children) signal(child, "SIGKILL");
      });
      await Promise.all(gone);
      cancel();
    }

    function over(says: string): void {
      if (isOver) return;
      void close();
      heard.ended(failure ?? says);
    }

    function run(
      file: string,
      args: readonly string[],
      options: { readonly shell?: boolean; readonly feed?: Readable | null; readonly env?: object },
    ) {
      const child = spawn(file, [...args], {
        shell: options.shell ?? false,
        detached: process.platform !== "win32",
        stdio: ["pipe", "pipe", "pipe", ...(options.feed ? [options.feed] : [])],
        env: { ...process.env, ...options.env },
        windowsHide: true,
      });
      children.push(child);
      const { pid } = child;
      if (pid !== undefined) {
        began(pid);
        child.once("exit", () => ended(pid));
      }
      gone.push(new Promise((resolve) => child.once("exit", () => resolve()).once("error", () => resolve())));
      child.stdin?.on("error", () => {});
      const lines = createCutter(lineMost, (line) => log(name, line));
      child.stderr?.on("data", lines.put);
      child.once("error", (error) => over(`Its program could not be started: ${error.message}.`));
      child.once("exit", (status, by) => over(by ? `Its program ended by ${by}.` : `Its program ended with status ${status}.`));
      return child;
    }

    function onLine(line: string): void {
      const said = read(line);
      if (said?.type === "frame") heard.frame(said);
      else if (said?.type === "failed") failure = said.says;
      else if (said?.type === "encoder") log(name, `Encoded by ${said.name}.`);
    }

    let isCut = false;
    socket.on("message", (packet) => {
      if (packet.length >= 12) synchronization = packet.readUInt32BE(8);
      if (!isCut && codec === "h264" && readRtp(packet) && beginsLaterSlice(payloadOf(packet))) {
        isCut = true;
        log(
          name,
          "Its keyframes come in several slices: where one is lost a browser shows a part of the picture. Encode each picture as one.",
        );
      }
      heard.packet(packet);
    });
    socket.on("error", (error) => over(`Its port failed: ${error.message}.`));
    socket.bind(0, "127.0.0.1", () => {
      if (isOver) return;
      const { port } = socket.address();
      if (!source) return over("Its source is none that is known.");
      if (source.kind === "program") {
        control.port = port + 1;
        const env = {
          TETHER_RTP_PORT: port,
          TETHER_RTCP_PORT: control.port,
          TETHER_PAYLOAD_TYPE: payloadTypes[codec],
          TETHER_BITRATE: bitrate,
        };
        main = run(source.command, [], { shell: true, env });
      } else {
        const feed = source.command === undefined ? undefined : run(source.command, [], { shell: true }).stdout;
        const { pipeline, isEncoded: encoded } = source;
        main = run(python, ["-c", script, JSON.stringify({ pipeline, encoded, codec, port, payload: payloadTypes[codec], bitrate })], {
          ...(feed && { feed }),
        });
      }
      main.stdout?.on("data", createCutter(lineMost, onLine).put);
    });

    const order = (what: object) => void (main?.stdin?.writable && main.stdin.write(`${JSON.stringify(what)}\n`));
    return {
      requestKeyframe() {
        order({ key: true });
        if (control.port > 0 && !isOver) socket.send(keyframeRequest(synchronization), control.port, "127.0.0.1");
      },
      setBitrate: (next) => order({ bitrate: Math.round(next) }),
      end: close,
    };
  };
}

function signal(child: ChildProcess, name: "SIGTERM" | "SIGKILL"): void {
  try {
    if (child.pid === undefined || process.platform === "win32") child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // The process has exited already.
  }
}

function read(line: string): z.infer<typeof Said> | undefined {
  try {
    return Said.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
