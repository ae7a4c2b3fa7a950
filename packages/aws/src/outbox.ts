import {
  ApiGatewayManagementApiClient,
  type ApiGatewayManagementApiClientConfig,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { Outbox, Posted } from "@tether/core/outbox";
import { nameOf } from "./failure.ts";
import { quiet } from "./quiet.ts";
import { requestHandler } from "./time-out.ts";

/** Frames leave by the gateway's management API. Its one word about a connection is 410: there is none. */
export function createOutbox(
  config: ApiGatewayManagementApiClientConfig,
  { onPost, onClose, onFailed }: { onPost?: (outcome: Posted) => void; onClose?: () => void; onFailed?: (error: string) => void } = {},
): Outbox {
  // Without `cacheMiddleware` the SDK puts its middleware together anew for every request.
  const client = quiet(new ApiGatewayManagementApiClient({ cacheMiddleware: true, requestHandler, ...config }));
  const isGone = (error: unknown) => error instanceof GoneException || statusOf(error) === 410;
  /** Any other error says nothing about the connection; its name is all that tells a throttle from a permission that is missing. */
  const failed = (error: unknown) => {
    onFailed?.(nameOf(error));
    return "failed" as const;
  };
  return {
    async post(connectionId, frame) {
      const posted = await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(frame) })).then(
        (): Posted => "posted",
        (error: unknown): Posted => (isGone(error) ? "gone" : failed(error)),
      );
      onPost?.(posted);
      return posted;
    },
    async probe(connectionId) {
      try {
        const { ConnectedAt, LastActiveAt } = await client.send(new GetConnectionCommand({ ConnectionId: connectionId }));
        return { connectedAt: ConnectedAt?.getTime() ?? 0, lastActiveAt: LastActiveAt?.getTime() ?? 0 };
      } catch (error) {
        return isGone(error) ? "gone" : failed(error);
      }
    },
    async close(connectionId) {
      const closed = await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId })).then(
        () => "closed" as const,
        (error: unknown) => (isGone(error) ? ("closed" as const) : failed(error)),
      );
      onClose?.();
      return closed;
    },
  };
}

function statusOf(error: unknown): number | undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}
