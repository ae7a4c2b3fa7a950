/** Why an end cannot drive just now: the fact, and the first thing to do about it. */
export const blocks = {
  unconnected: { says: "This end has not been online yet.", remedy: "Wait; the SDK connects by itself." },
  "control.free": { says: "Nobody holds control.", remedy: "Request control." },
  "control.held": { says: "Someone else holds control.", remedy: "Request control, or take it where you may." },
  "grant.awaited": { says: "The grant is on its way.", remedy: "Wait; the SDK asks for it by itself." },
  "channel.closed": { says: "There is no channel to the robot.", remedy: "Wait until the peer connection is up." },
  "robot.deciding": { says: "The robot has not accepted the grant yet.", remedy: "Wait a moment." },
  "robot.refused": { says: "The robot refused the grant.", remedy: "Wait for a fresh grant, or request control again." },
  stopped: { says: "Someone stopped the robot.", remedy: "See that the way is clear, then resume." },
} as const satisfies Record<string, { says: string; remedy: string }>;

export type Block = keyof typeof blocks;
