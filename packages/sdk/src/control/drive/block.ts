/** Why an end cannot drive just now: the fact, and the first thing to do about it. */
export const blocks = {
  unconnected: { says: "This end has not been online yet.", remedy: "Wait; it connects by itself." },
  "session.over": { says: "This session is over.", remedy: "Attach again." },
  "control.free": { says: "Nobody holds control.", remedy: "Request control." },
  "control.held": { says: "Someone else holds control.", remedy: "Request control, or take it where you may." },
  "permit.awaited": { says: "The permission to drive is on its way.", remedy: "Wait; it is asked for by itself." },
  "channel.closed": { says: "There is no connection with the robot.", remedy: "Wait; it is made by itself where it can be." },
  "robot.silent": { says: "The robot does not answer.", remedy: "Take it for moving until you see it stand. It is asked by itself." },
  "robot.deciding": { says: "The robot has not accepted the permission to drive yet.", remedy: "Wait a moment." },
  "robot.refused": { says: "The robot refused the permission to drive.", remedy: "Wait for a fresh one, or request control again." },
  stopped: { says: "A stop is in force at the robot.", remedy: "See that the way is clear, then resume." },
} as const satisfies Record<string, { says: string; remedy: string }>;

/** The name of a reason why this end cannot drive: a key of `blocks`, which has its words. */
export type Block = keyof typeof blocks;
