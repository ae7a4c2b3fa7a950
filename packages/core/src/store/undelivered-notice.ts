import type { ControlChanged } from "@tether/protocol/frame/control";

/** A change of control that the robot was not told: its frame without the state of control, which is told as it is by then. */
export type UndeliveredNotice = Omit<ControlChanged, "type" | "control"> & {
  /** Since when. */
  readonly at: number;
};
