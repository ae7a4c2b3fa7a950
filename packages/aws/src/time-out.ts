/**
 * How long the SDK's clients wait; without it they wait for ever (github.com/aws/aws-sdk-js-v3/issues/6763). Three attempts fit into the API's
 * 10 s, and a dead socket takes no lane of the sweeper.
 */
export const requestHandler = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true } as const;
