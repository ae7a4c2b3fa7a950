import { nearest } from "@tether/program/nearest";
import { printable } from "@tether/program/printable";
import { RobotQuery } from "@tether/protocol/http";
import { RobotId } from "@tether/protocol/id";
import { routes } from "@tether/sdk/api";
import type { Context } from "../context.ts";
import { isTrouble, type Trouble, usage } from "../exit.ts";
import { openService, type Service } from "./service.ts";

export type ChosenRobot = {
  readonly service: Service;
  readonly robot: RobotId;
};

/** The robot that a command line names: by its id, or by a name that only one of the user's robots has. */
export async function chooseRobot(context: Context, named: string): Promise<ChosenRobot | Trouble> {
  const service = await openService(context);
  if (isTrouble(service)) return service;
  const id = RobotId.safeParse(named);
  const robot = id.success ? id.data : await byName(context, service, named);
  return isTrouble(robot) ? robot : { service, robot };
}

/** A user's robots are listed by an index, which shows one that was made by the command before only a moment later. */
const againMs = 1_000;

async function byName({ clock }: Context, service: Service, named: string): Promise<RobotId | Trouble> {
  // The service refuses to look for a text that cannot be a robot's name.
  const filter = RobotQuery.safeParse({ name: named });
  const look = async () => {
    const robots = filter.success ? await service.list(routes.listRobots, { query: { name: named } }) : [];
    return isTrouble(robots) ? robots : robots.filter(({ name }) => name === named);
  };
  let found = await look();
  if (filter.success && !isTrouble(found) && found.length === 0) {
    await new Promise<void>((resolve) => void clock.after(againMs, resolve));
    found = await look();
  }
  if (isTrouble(found)) return found;
  const [first, ...others] = found;
  if (!first) return usage("None of your robots has that name.", await remedyFor(service, named));
  if (others.length === 0) return first.id;
  const ids = [first, ...others].map(({ id }) => id).join(", ");
  return usage(`${others.length + 1} of your robots have that name.`, `Name one by its id: ${ids}`);
}

/** The remedy for a name that no robot has. It looks at as many robots as one request answers, so that it costs no more for a large fleet. */
async function remedyFor(service: Service, named: string): Promise<string> {
  const first = await service.call(routes.listRobots, { query: {} });
  const near = isTrouble(first)
    ? undefined
    : nearest(
        named,
        first.items.map(({ name }) => name),
      );
  const see = "See tether robot list; a name with spaces needs quotes.";
  return near === undefined ? see : `Did you mean “${printable(near)}”? ${see}`;
}
