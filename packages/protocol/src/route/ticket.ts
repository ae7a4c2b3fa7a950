import { ClientTicketRequest, RobotTicketRequest, TicketAnswer } from "../http/ticket.ts";
import type { Route } from "./route.ts";

export const createClientTicket = {
  id: "createClientTicket",
  method: "POST",
  path: "/v1/tickets/client",
  summary: "A ticket for a user's client",
  security: "user",
  body: ClientTicketRequest,
  status: 201,
  answer: TicketAnswer,
} as const satisfies Route;

export const createRobotTicket = {
  id: "createRobotTicket",
  method: "POST",
  path: "/v1/tickets/robot",
  summary: "A ticket for a robot that proves its key",
  security: "key",
  body: RobotTicketRequest,
  status: 201,
  answer: TicketAnswer,
} as const satisfies Route;
