/**
 * Takes the place of `@aws-sdk/credential-provider-node`. Lambda gives credentials in the environment, where the SDK's chain of
 * providers looks first; the rest of it (SSO, STS, files, instance metadata) is a fifth of the bundle and unused. They stay as they are
 * for as long as the process lives, and to read the environment is slow: like the chain, this looks once.
 */
export function defaultProvider() {
  let found;
  return async () => {
    if (found) return found;
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
    if (!accessKeyId || !secretAccessKey) throw new Error("Lambda's environment has no credentials.");
    found = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    return found;
  };
}
