import type { Store } from "@tether/core/store";
import type { RobotId } from "@tether/protocol/id";

/** A live session's item exactly as the table holds it. The engine gives members in any order: sorted, equal items are equal text. */
export async function itemText(store: Store, robotId: RobotId, slot: string): Promise<string> {
  const { data } = await store.entities.session.get({ robotId, slot }).go({ consistent: true, data: "raw" });
  const { Item } = data as unknown as { Item?: object };
  return JSON.stringify(Item, sorted);
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
