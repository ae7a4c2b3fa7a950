import * as z from "zod/mini";

/** The rights of a user at a robot, least first. */
export const roles = ["viewer", "operator", "owner"] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

export function atLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
