import { RobotId } from "@tether/protocol/id";

/** Every page there is. */
export type Route =
  | { readonly page: "fleet" }
  | { readonly page: "new" }
  | { readonly page: "diagnostics" }
  | { readonly page: "account" }
  | { readonly page: (typeof robotPages)[number]; readonly robot: RobotId }
  | { readonly page: "unknown" };

export const robotPages = ["drive", "timeline", "sessions", "monitor", "access", "set-up"] as const;

export function routeOf(path: string): Route {
  const [first, second, third, ...more] = path.split("/").filter((part) => part !== "");
  if (more.length > 0) return { page: "unknown" };
  if (first === undefined) return { page: "fleet" };
  if (second === undefined) return first === "diagnostics" || first === "account" ? { page: first } : { page: "unknown" };
  if (first !== "robots") return { page: "unknown" };
  if (second === "new" && third === undefined) return { page: "new" };
  const robot = RobotId.safeParse(second);
  const page = robotPages.find((known) => known === (third ?? "timeline"));
  return robot.success && page !== undefined ? { page, robot: robot.data } : { page: "unknown" };
}

export function pathOf(route: Exclude<Route, { page: "unknown" }>): string {
  if ("robot" in route) return route.page === "timeline" ? `/robots/${route.robot}` : `/robots/${route.robot}/${route.page}`;
  if (route.page === "fleet") return "/";
  return route.page === "new" ? "/robots/new" : `/${route.page}`;
}
