import type { Robot, TicketAnswer } from "@tether/protocol/http";
import type { ClientSessionId, RobotSessionId } from "@tether/protocol/id";
import { expectTypeOf, test } from "vitest";
import { type Api, createApi, routes } from "../src/api/index.ts";
import { type AttachOptions, attach, type ClientSession } from "../src/client/index.ts";
import { type CameraPeer, type FollowOptions, follow, followCameras, type PeerConnectionLike } from "../src/peer/index.ts";
import { type Guard, type RobotSession, type ServeOptions, serve } from "../src/robot/index.ts";

// The compiler checks these: `npm run check` fails where one does not hold.

test("a session knows which end's it is, and a robot's id may be any text", () => {
  expectTypeOf(attach).parameter(0).toExtend<AttachOptions>();
  expectTypeOf<AttachOptions["robot"]>().toEqualTypeOf<string>();
  expectTypeOf<ServeOptions["robot"]>().toEqualTypeOf<string>();
  expectTypeOf(attach).returns.toEqualTypeOf<ClientSession>();
  expectTypeOf<ClientSession["id"]>().toEqualTypeOf<ClientSessionId | undefined>();
  expectTypeOf(serve).returns.toEqualTypeOf<RobotSession>();
  expectTypeOf<RobotSession["id"]>().toEqualTypeOf<RobotSessionId | undefined>();
});

test("a robot proves itself by one key or by kept keys, and not by both", () => {
  type Rest = Omit<ServeOptions, "signer" | "keys">;
  expectTypeOf<Rest & Pick<Extract<ServeOptions, { signer: object }>, "signer">>().toExtend<ServeOptions>();
  expectTypeOf<Rest>().not.toExtend<ServeOptions>();
});

test("control and guard join every peer connection, a browser's among them", () => {
  expectTypeOf<RTCPeerConnection>().toExtend<PeerConnectionLike>();
  expectTypeOf<ClientSession["control"]>().toExtend<NonNullable<FollowOptions["control"]>>();
  expectTypeOf<Guard>().toExtend<NonNullable<FollowOptions["control"]>>();
  expectTypeOf(follow).returns.toEqualTypeOf<() => void>();
});

test("cameras come in a browser's streams", () => {
  expectTypeOf<RTCPeerConnection>().toExtend<CameraPeer<MediaStream>>();
  expectTypeOf(followCameras<MediaStream>)
    .parameter(1)
    .parameter(0)
    .items.toHaveProperty("stream");
});

test("a route is asked with what it takes, and answers what the service says it does", () => {
  const { call, list }: Api = createApi({ api: "https://api.example.org", token: async () => undefined });
  const ask = () => ({
    robot: call(routes.getRobot, { params: { robot: "rob_1" } }),
    done: call(routes.deleteRobot, { params: { robot: "rob_1" } }),
    ticket: call(routes.createClientTicket, { body: { robot: "rob_1" } }),
    robots: list(routes.listRobots, { query: { state: "online" } }),
    // @ts-expect-error A route of one robot needs its id.
    nobody: call(routes.getRobot, {}),
    // @ts-expect-error A state is one of five.
    unknown: list(routes.listRobots, { query: { state: "asleep" } }),
    // @ts-expect-error One robot is no list.
    single: list(routes.getRobot, { params: { robot: "rob_1" } }),
  });
  type Value<Name extends keyof ReturnType<typeof ask>> = Extract<Awaited<ReturnType<typeof ask>[Name]>, { value: unknown }>["value"];
  expectTypeOf<Value<"robot">>().toEqualTypeOf<Robot>();
  expectTypeOf<Value<"done">>().toEqualTypeOf<undefined>();
  expectTypeOf<Value<"ticket">>().toEqualTypeOf<TicketAnswer>();
  expectTypeOf<Value<"robots">>().toEqualTypeOf<readonly Robot[]>();
});
