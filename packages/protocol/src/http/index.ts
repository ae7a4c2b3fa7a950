export * from "./credential.ts";
export * from "./grant.ts";
export * from "./health.ts";
export * from "./page.ts";
export * from "./robot.ts";
export * from "./session.ts";
export * from "./ticket.ts";
export * from "./timeline.ts";
