import type { Role } from "@tether/protocol/role";

export const roleWords: Readonly<Record<Role, { name: string; may: string }>> = {
  owner: { name: "Owner", may: "drives, sets up, and decides who may do what" },
  operator: { name: "Operator", may: "drives and stops the robot" },
  viewer: { name: "Viewer", may: "watches, and can stop the robot" },
};

/** The name of the page with the robot's picture, by the person's role. */
export function driveWord(role: Role): string {
  return role === "viewer" ? "Watch" : "Drive";
}
