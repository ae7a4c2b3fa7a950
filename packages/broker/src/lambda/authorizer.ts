import { clock } from "@tether/aws/ambient";
import { createAuthorizer } from "../authorizer.ts";
import type { AuthorizerEvent } from "../event.ts";
import * as resource from "../resource.ts";

type Authorizer = ReturnType<typeof createAuthorizer>;

let made: Authorizer | undefined;

/** The WebSocket API's REQUEST authorizer. */
export const handler: Authorizer = async (event: AuthorizerEvent) => {
  made ??= createAuthorizer({ ring: resource.ring(), clock, edgeKeys: resource.edgeKeys() });
  return made(event);
};
