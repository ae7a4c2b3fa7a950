import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

const attempts = 3;

const tokenOf = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0, getRetryCost: () => undefined });

/** Tries again what the SDK's own strategy would, as often, but at once: where time is virtual, waiting for real time only takes longer. */
export const retryAtOnce: NonNullable<DynamoDBClientConfig["retryStrategy"]> = {
  acquireInitialRetryToken: async () => tokenOf(0),
  async refreshRetryTokenForRetry(token: { getRetryCount(): number }, { errorType }: { errorType: string }) {
    const count = token.getRetryCount() + 1;
    if (count >= attempts || (errorType !== "THROTTLING" && errorType !== "TRANSIENT")) throw new Error("No retry token available");
    return tokenOf(count);
  },
  recordSuccess() {},
};
