import * as z from "zod/mini";

/** The rights of a user at a robot, least first. */
export const roles = ["viewer", "operator", "owner"] as const;
/** A user's role on one robot: a viewer sees it, an operator drives it, an owner decides who may. */
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** Answers whether a role has the rights of another. */
export function atLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
