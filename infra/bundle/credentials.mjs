/**
 * Takes the place of `@aws-sdk/credential-provider-node` beside a Lambda's bundle. Lambda gives credentials in the environment, where
 * the SDK's chain of providers looks first; the rest of it (SSO, STS, files, instance metadata) is a fifth of the bundle and unused.
 */
exports.defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (!accessKeyId || !secretAccessKey) throw new Error("Lambda's environment has no credentials.");
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
};
