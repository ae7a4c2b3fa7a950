import { Robot, RobotChange, RobotCreate, RobotPage, RobotQuery } from "../http/robot.ts";
import { StopRequest } from "../http/stop.ts";
import { RobotPath } from "./path.ts";
import type { Route } from "./route.ts";

export const createRobot = {
  id: "createRobot",
  method: "POST",
  path: "/v1/robots",
  summary: "Create a robot; the caller owns it",
  security: "user",
  idempotent: true,
  body: RobotCreate,
  status: 201,
  answer: Robot,
} as const satisfies Route;

export const listRobots = {
  id: "listRobots",
  method: "GET",
  path: "/v1/robots",
  summary: "List the robots the caller was granted, all for an admin, and how each stands",
  security: "user",
  query: RobotQuery,
  answer: RobotPage,
} as const satisfies Route;

export const getRobot = {
  id: "getRobot",
  method: "GET",
  path: "/v1/robots/{robot}",
  summary: "Read a robot, and how it stands",
  security: "user",
  params: RobotPath,
  answer: Robot,
} as const satisfies Route;

export const changeRobot = {
  id: "changeRobot",
  method: "PATCH",
  path: "/v1/robots/{robot}",
  summary: "Change a robot's name and settings",
  security: "user",
  params: RobotPath,
  body: RobotChange,
  answer: Robot,
} as const satisfies Route;

export const stopRobot = {
  id: "stopRobot",
  method: "POST",
  path: "/v1/robots/{robot}/stop",
  summary: "Stop the robot: anyone who may see it",
  security: "user",
  params: RobotPath,
  body: StopRequest,
} as const satisfies Route;

export const deleteRobot = {
  id: "deleteRobot",
  method: "DELETE",
  path: "/v1/robots/{robot}",
  summary: "Delete a robot and end its sessions",
  security: "user",
  params: RobotPath,
} as const satisfies Route;
