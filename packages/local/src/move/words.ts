import type { Moved } from "@tether/core/cell";

/** The words of a move for an administrator. */
export function outcomeOf(moved: Moved, to: string): { readonly line: string; readonly isDone: boolean } {
  switch (moved.outcome) {
    case "moved":
      return { line: `Moved from ${moved.from} to ${to}, with ${moved.items} items.`, isDone: true };
    case "there":
      return { line: `The robot is in ${to}, with all that is its.`, isDone: true };
    case "cell.unknown":
      return { line: "The file names no such cell, or not the one that the robot is in.", isDone: false };
    case "robot.unknown":
      return { line: "There is no such robot in the cell that the directory names.", isDone: false };
    case "claimed":
      return { line: "Another run is moving it. If that was cut off, try again in half a minute.", isDone: false };
  }
}
