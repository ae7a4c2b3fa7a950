import { atLeast } from "@tether/protocol/role";
import { machineClock } from "../../driver/frame/machine-clock.ts";
import type { OpenPictures } from "../pictures.ts";
import type { Media } from "./media.ts";

/** The robot's cameras, carried by the media process. */
export function cameraPictures(media: Pick<Media, "connect" | "onFrame" | "setDriver">): OpenPictures {
  return (guard) => ({
    canRestart: false,
    connect: ({ session, user }, configuration) =>
      media.connect(session, configuration, user !== undefined && atLeast(user.role, "operator")),
    show: () => media.onFrame(({ camera, rtp, at }) => guard.picture({ stream: camera, rtp, ageMs: machineClock.now() - at })),
    setHolder: media.setDriver,
    close: () => media.setDriver(undefined),
  });
}
