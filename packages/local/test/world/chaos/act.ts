import { accounts } from "./accounts.ts";
import type { Actions } from "./action.ts";
import { coming } from "./coming.ts";
import { people } from "./people.ts";
import type { Stage } from "./stage.ts";
import { unruly } from "./unruly.ts";
import { befalling } from "./weather.ts";

export const actions: Actions = { ...coming, ...people, ...unruly, ...accounts, ...befalling };

const total = Object.values(actions).reduce((sum, { weight }) => sum + weight, 0);

function drawn(at: number): string {
  let left = at * total;
  for (const [name, { weight }] of Object.entries(actions)) {
    left -= weight;
    if (left <= 0) return name;
  }
  return "ends talk";
}

/** Does one thing at random; nothing where there is nothing that it could happen to. */
export async function act(stage: Stage, name = drawn(stage.draw())): Promise<void> {
  const doing = actions[name]?.act(stage);
  if (doing === undefined || doing === false) return;
  stage.witness.done[name] = (stage.witness.done[name] ?? 0) + 1;
  await doing;
}
