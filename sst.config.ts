/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app: ({ stage }) => ({
    name: "tether",
    home: "aws",
    removal: stage === "production" ? "retain" : "remove",
    protect: stage === "production",
    providers: { aws: { version: "7.20.0", ...(process.env.AWS_REGION && { region: process.env.AWS_REGION as "us-east-1" }) } },
  }),
  async run() {
    const { narrowLinks } = await import("./infra/link.ts");
    narrowLinks();
    const { outputs } = await import("./infra/output.ts");
    return outputs;
  },
});
