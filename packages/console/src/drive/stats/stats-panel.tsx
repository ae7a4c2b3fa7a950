import type { Drive } from "@tether/sdk/client";
import type { ReactNode } from "react";

/** How the connection with the robot does, in figures and their last minute. */
export function StatsPanel(_: { readonly pc: RTCPeerConnection | undefined; readonly control: Drive }): ReactNode {
  return null;
}
