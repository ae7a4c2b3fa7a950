import { RobotId } from "@tether/protocol/id";
import { expect, test } from "vitest";
import { pathOf, type Route, routeOf } from "../../src/route/route.ts";

const robot = RobotId.parse("rob_01JZ0000000000000000000000");

test.each<[string, Route]>([
  ["/", { page: "fleet" }],
  ["/robots/new", { page: "new" }],
  ["/diagnostics", { page: "diagnostics" }],
  ["/account", { page: "account" }],
  [`/robots/${robot}`, { page: "timeline", robot }],
  [`/robots/${robot}/drive`, { page: "drive", robot }],
  [`/robots/${robot}/sessions`, { page: "sessions", robot }],
  [`/robots/${robot}/monitor`, { page: "monitor", robot }],
  [`/robots/${robot}/access`, { page: "access", robot }],
  [`/robots/${robot}/set-up`, { page: "set-up", robot }],
])("%s is a page, and is written the same", (path, route) => {
  expect(routeOf(path)).toEqual(route);
  if (route.page !== "unknown") expect(pathOf(route)).toBe(path);
});

test.each(["/robots", "/robots/rob_nonsense", `/robots/${robot}/nothing`, `/robots/${robot}/access/more`, "/robots/new/x", "/elsewhere"])(
  "%s is no page",
  (path) => {
    expect(routeOf(path)).toEqual({ page: "unknown" });
  },
);
