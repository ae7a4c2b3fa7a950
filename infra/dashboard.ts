import { filtered, metrics } from "../packages/aws/src/metric.ts";
import { acrossTable, watched } from "./alarm.ts";
import { broker } from "./broker.ts";
import { lambdas } from "./lambda.ts";
import { namespace } from "./namespace.ts";

/** A CloudWatch metric as a dashboard names it: namespace, metric, then dimension by dimension; or an expression over several. */
type Metric = readonly (string | { readonly [option: string]: string })[];
type Own = keyof typeof metrics;

const region = aws.getRegionOutput().name;
const width = 8;
const height = 6;

function widget(title: string, metrics: readonly Metric[], index: number, region: string) {
  const place = { x: (index % 3) * width, y: Math.floor(index / 3) * height, width, height };
  return { type: "metric", ...place, properties: { title, metrics, region, period: 60, view: "timeSeries" } };
}

const own = (stat: string, ...names: Own[]): Metric[] => names.map((name) => [namespace, name, { stat }]);

/** The metrics with a cause in their name, labelled by it. */
const byCause = (prefix: string): Metric[] =>
  Object.keys(metrics)
    .filter((name) => name.startsWith(prefix))
    .map((name) => [namespace, name, { stat: "Sum", label: name.slice(prefix.length) }]);

const byDimension = (name: "Relayed" | "Security"): Metric[] => [
  [{ expression: `SEARCH('{${namespace},${filtered[name].by}} MetricName="${name}"', 'Sum', 60)`, id: name.toLowerCase(), label: "" }],
];

const ofSessions: [string, Metric[]][] = [
  ["Sessions: online, back, handed over", own("Sum", "Connects", "Resumes", "HandOvers", "Fights")],
  ["Leases: renewed, warned, run out", own("Sum", "Renewals", "Warnings", "Expiries")],
  ["Signals, by what became of them", byDimension("Relayed")],
  ["Sessions gone away, by cause", byCause("Away.")],
  ["Sessions ended, by cause", byCause("Ended.")],
  ["Keys misused", byDimension("Security")],
  ["Revocations: until the last session is closed, ms", [...own("p95", "RevocationLatency"), ...own("Maximum", "RevocationLatency")]],
  ["The sweeper: how late, ms", own("Maximum", "SweepLag")],
  ["Refused by the table's rate", own("Sum", "Throttled")],
];

/** The dashboard: first what goes on, then what is watched, with a graph for each alarm. */
new aws.cloudwatch.Dashboard("Dashboard", {
  dashboardName: `${$app.name}-${$app.stage}`,
  dashboardBody: $resolve({
    region,
    api: broker.nodes.api.id,
    names: $util.all([...lambdas.values()].map(({ fn }) => fn.name)),
    rows: $util.all(
      Object.entries(watched).map(([name, row]) =>
        $resolve({ name, ...row, dimensions: $util.output(row.dimensions ?? {}), query: row.acrossTable ? acrossTable(row.metric) : "" }),
      ),
    ),
  }).apply(({ region, api, names, rows }) => {
    const ofLambdas = (metric: string, stat: string): Metric[] =>
      names.map((name) => ["AWS/Lambda", metric, "FunctionName", name, { stat }]);
    const ofBroker = (metric: string): Metric => ["AWS/ApiGateway", metric, "ApiId", api, "Stage", "$default", { stat: "Sum" }];
    const graphs: [string, Metric[]][] = [
      ["Connections and messages", [ofBroker("ConnectCount"), ofBroker("MessageCount")]],
      ["Lambda: invocations", ofLambdas("Invocations", "Sum")],
      ["Lambda: duration, p95", ofLambdas("Duration", "p95")],
      ...ofSessions,
      ...rows.map((row): [string, Metric[]] => [
        row.name,
        [
          row.query === ""
            ? [row.namespace, row.metric, ...Object.entries(row.dimensions).flat(), { stat: row.statistic }]
            : [{ expression: row.query, id: row.name.toLowerCase(), label: row.metric }],
        ],
      ]),
    ];
    return JSON.stringify({ widgets: graphs.map(([title, metrics], index) => widget(title, metrics, index, region)) });
  }),
});
