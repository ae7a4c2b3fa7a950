import { createSocket } from "node:dgram";
import type { Clock } from "@tether/sdk/clock";
import { read } from "@tether/sdk/control/channel";
import * as z from "zod/mini";
import { createProgramGroup, type Notify, python } from "../camera/program-group.ts";
import { payloadTypes } from "../camera/source.ts";
import { playScript } from "./play-script.ts";
import { readSpeaker, type SpeakerSettings } from "./speaker.ts";

/** A running program of the speaker. */
export type SpeakerProcess = {
  /** Plays a packet of Opus. */
  play(packet: Buffer): void;
  /** Ends the program; resolves when it is gone. */
  end(): Promise<void>;
};

export type LaunchSpeaker = (
  settings: SpeakerSettings,
  heard: {
    /** The player plays what comes from now on. */
    playing(): void;
    /** Called once, unless it was ended from here. */
    ended(says: string): void;
  },
) => SpeakerProcess;

const Said = z.discriminatedUnion("type", [
  z.object({ type: z.literal("playing") }),
  z.object({ type: z.literal("failed"), says: z.string() }),
]);

/** Starts programs of the speaker, each with a port of 127.0.0.1 at which it takes packets. */
export function createLaunchSpeaker(clock: Clock, notify: Notify): LaunchSpeaker {
  return ({ sink }, heard) => {
    const socket = createSocket("udp4");
    // A packet that the socket cannot send is lost as on any path. An error that nobody listens for would end the process of the peer connections.
    socket.on("error", () => {});
    const group = createProgramGroup({ clock, notify, name: "speaker", closed: () => socket.close(), ended: heard.ended });
    let port = 0;
    // The program binds the port that was free a moment ago: nothing else here takes one without being told a number.
    const trial = createSocket("udp4");
    trial.on("error", (error) => group.over(`Its port failed: ${error.message}.`));
    trial.bind(0, "127.0.0.1", () => {
      ({ port } = trial.address());
      trial.close(() => {
        if (group.isOver) return;
        const target = readSpeaker(sink);
        if (!target) return group.over("Its sink is none that is known.");
        if (target.kind === "program") {
          group.run(target.command, [], { shell: true, env: { TETHER_RTP_PORT: port, TETHER_PAYLOAD_TYPE: payloadTypes.opus } }, () => {});
          return heard.playing();
        }
        const { pipeline } = target;
        const options = JSON.stringify({ pipeline, port, payload: payloadTypes.opus });
        group.run(python, ["-c", playScript, options], {}, (line) => {
          const said = read(Said, line);
          if (said?.type === "playing") heard.playing();
          else if (said) group.fail(said.says);
        });
      });
    });
    return {
      play: (packet) => void (!group.isOver && port > 0 && socket.send(packet, port, "127.0.0.1")),
      end: group.close,
    };
  };
}
