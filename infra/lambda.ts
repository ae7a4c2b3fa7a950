import { logRetention } from "./stage.ts";

/** How a Lambda's code is bundled: docs/decision/0010-bundle.md has the measurements. */
const bundling = {
  nodejs: {
    format: "cjs" as const,
    minify: true,
    // `sst dev` runs handlers here, where credentials may come from anywhere.
    ...(!$dev && { plugins: "infra/bundle/plugin.mjs" }),
    esbuild: { mainFields: ["module", "main"], keepNames: false },
  },
};

type Args = Omit<ConstructorParameters<typeof sst.aws.Function>[1], "logging" | "runtime" | "architecture" | "nodejs" | "transform">;

/** Every Lambda by name, for what watches over all of them. */
export const lambdas = new Map<string, { fn: sst.aws.Function; logGroup: aws.cloudwatch.LogGroup }>();

/**
 * A Lambda as all of ours are. It may write to its own log group and to nothing else that is not linked. Its log holds our lines
 * only: the platform's START, END and REPORT would be most of what is paid for.
 */
export function lambda(name: string, args: Args): sst.aws.Function {
  const logGroup = new aws.cloudwatch.LogGroup(`${name}Log`, {
    name: `/aws/lambda/${$app.name}/${$app.stage}/${name}`,
    retentionInDays: logRetention.days,
  });
  const fn = new sst.aws.Function(name, {
    ...args,
    ...bundling,
    runtime: "nodejs24.x",
    architecture: "arm64",
    logging: { format: "json", logGroup: logGroup.name },
    permissions: [{ actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [$interpolate`${logGroup.arn}:*`] }],
    transform: {
      role: (role) => {
        role.managedPolicyArns = [];
        // SST lets the whole account take on the role, which only `sst dev` needs.
        if (!$dev) role.assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" });
      },
      eventInvokeConfig: (config) => {
        // An event that is throttled would otherwise wait for up to six hours, whatever `retries` says.
        config.maximumEventAgeInSeconds = 60;
      },
      function: (lambda) => {
        lambda.loggingConfig = { logFormat: "JSON", logGroup: logGroup.name, systemLogLevel: "WARN", applicationLogLevel: "INFO" };
      },
    },
  });
  lambdas.set(name, { fn, logGroup });
  return fn;
}

export function logGroupOf(name: string): aws.cloudwatch.LogGroup {
  const found = lambdas.get(name);
  if (!found) throw new Error(`There is no Lambda ${name}.`);
  return found.logGroup;
}
