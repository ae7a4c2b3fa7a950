import type { Clock } from "@tether/sdk/clock";
import { type Cameras, followCameras, type SeenCamera } from "@tether/sdk/peer/cameras";
import type { Snapshot } from "./snapshot.ts";

type Env = {
  readonly clock: Clock;
  readonly snapshot: () => Snapshot;
  readonly become: (part: Partial<Snapshot>) => void;
  /** Another picture is shown. */
  readonly turned: () => void;
};

/** The cameras that a page shows and the sound that it plays, as the person chose them, over one peer connection after the other. */
export function createShownMedia({ clock, snapshot, become, turned }: Env) {
  let cameras: Cameras<MediaStream> | undefined;
  let chosen: string | undefined;
  let withOthers = true;
  let isHeard = false;

  /** The chosen camera comes first, else the robot's order stays. */
  function arrange(all: readonly SeenCamera<MediaStream>[]): void {
    const ordered = [...all].sort((one, other) => Number(other.name === chosen) - Number(one.name === chosen));
    const picture = ordered[0]?.stream ?? snapshot().picture;
    if (picture !== snapshot().picture) turned();
    become({ cameras: ordered, picture, sound: cameras?.sound, speaker: cameras?.speaker });
  }

  function watch(): void {
    const names = snapshot().cameras.map(({ name }) => name);
    cameras?.watch(withOthers ? names : names.slice(0, 1));
  }

  return {
    /** Follows what comes over a peer connection that was just made. */
    follow(pc: RTCPeerConnection): void {
      const own = followCameras<MediaStream>(
        pc,
        (all) => {
          if (snapshot().pc !== pc) return;
          const isFirst = snapshot().cameras.length === 0;
          arrange(all);
          if (isFirst && (chosen !== undefined || !withOthers)) watch();
        },
        clock,
      );
      cameras = own;
      if (isHeard) own.hear(true);
    },
    /** Those of the newest peer connection. */
    cameras: () => cameras,
    lookThrough(camera: string): void {
      chosen = camera;
      arrange(snapshot().cameras);
      watch();
    },
    showOthers(areShown: boolean): void {
      withOthers = areShown;
      watch();
    },
    hear(next: boolean): void {
      isHeard = next;
      cameras?.hear(next);
    },
  };
}
