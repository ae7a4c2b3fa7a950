import { type DecideFate, storeFaults } from "../engine/fate.ts";
import { permission } from "../engine/permission.ts";
import { mayLag } from "../engine/replica.ts";
import type { Faults } from "./faults.ts";

const writes = /^(TransactWriteItems|(Put|Update|Delete)Item)$/;

const anywhere = ["throttled", "failing", "cut", "lost"] as const;

/** Decides by the faults in force what becomes of each request to the store. */
export function fateByFaults(faults: Pick<Faults, "strikes" | "lagMs">): DecideFate {
  return (operation, body) => {
    const permitted = permission(operation, body);
    if (permitted !== "pass") return permitted;
    for (const name of anywhere) {
      const fault: DecideFate = storeFaults[name === "lost" ? "lose" : name];
      if (faults.strikes(`store.${name}`)) return fault(operation, body);
    }
    if (writes.test(operation) && faults.strikes("store.conflict")) return storeFaults.conflict(operation, body);
    const lagMs = mayLag(operation, body) ? faults.lagMs() : undefined;
    return lagMs === undefined ? "pass" : { lagMs };
  };
}
