import type { ControlChanged } from "@tether/protocol/frame/control";

/** A change of control that the robot was not told, or not yet: its frame without the state of control, which is told as it is by then. */
export type UndeliveredNotice = Omit<ControlChanged, "type" | "control"> & {
  /** From when on the sweeper tells it. */
  readonly at: number;
  /** Whether the clients may not have been told either: the process that made the change perhaps ended before it told anyone. */
  readonly toClients?: boolean | undefined;
};
