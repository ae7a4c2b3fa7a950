import { type Role, roles } from "@tether/protocol/role";
import { admins } from "../access/caller.ts";
import { stillGood } from "../access/revoked.ts";
import { slotOf } from "../session/read.ts";
import type { Entities } from "../store/transact.ts";
import type { Driver } from "./driver.ts";

/** The conditions under which a driver is given control: session (the first), robot, user and grant still stand, whatever was read before. */
export function standing(entities: Entities, driver: Driver, needed: Role = "operator") {
  const { robotId, principal } = driver;
  const sessionId: string = driver.sessionId;
  const there = entities.session
    .check({ robotId, slot: slotOf(driver) })
    .where((of, { eq }) => `${eq(of.sessionId, sessionId)} AND ${eq(of.state, "online")}`)
    .commit();
  const exists = entities.robot
    .check({ robotId })
    .where((of, { exists }) => exists(of.robotId))
    .commit();
  const conditions = [there, exists, stillGood(entities, principal)];
  if (principal.by === admins) return conditions;
  const enough = roles.slice(roles.indexOf(needed));
  const granted = entities.grant
    .check({ robotId, to: principal.by })
    .where(({ role }, { eq }) => enough.map((one) => eq(role, one)).join(" OR "))
    .commit();
  return [...conditions, granted];
}
