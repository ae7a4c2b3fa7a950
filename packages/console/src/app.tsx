import { lazy, Suspense, useSyncExternalStore } from "react";
import { ErrorBoundary } from "./component/error-boundary.tsx";
import { Page, Skeleton } from "./component/page.tsx";
import { FleetPage } from "./fleet/fleet-page.tsx";
import { Link } from "./route/link.tsx";
import { useRoute } from "./route/location.ts";
import type { Route } from "./route/route.ts";
import { useServices } from "./services.ts";
import { Shell } from "./shell.tsx";
import { Welcome } from "./sign-in/welcome.tsx";

const RobotPages = lazy(() => import("./robot/robot-pages.tsx").then(({ RobotPages }) => ({ default: RobotPages })));
const NewRobotPage = lazy(() => import("./set-up/new-robot-page.tsx").then(({ NewRobotPage }) => ({ default: NewRobotPage })));
const AccountPage = lazy(() => import("./account/account-page.tsx").then(({ AccountPage }) => ({ default: AccountPage })));
const DiagnosticsPage = lazy(() =>
  import("./diagnostics/diagnostics-page.tsx").then(({ DiagnosticsPage }) => ({ default: DiagnosticsPage })),
);

export function App() {
  const { identity } = useServices();
  const signedIn = useSyncExternalStore(identity.subscribe, identity.state);
  const route = useRoute();
  if (!signedIn.person) return <Welcome why={signedIn.why} />;
  return (
    <Shell person={signedIn.person} route={route}>
      <ErrorBoundary key={"robot" in route ? route.robot : route.page}>
        <Suspense
          fallback={
            <main className="page">
              <Skeleton />
            </main>
          }
        >
          <Routed route={route} />
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}

function Routed({ route }: { route: Route }) {
  switch (route.page) {
    case "fleet":
      return <FleetPage />;
    case "new":
      return <NewRobotPage />;
    case "account":
      return <AccountPage />;
    case "diagnostics":
      return <DiagnosticsPage />;
    case "unknown":
      return (
        <Page title="There is no such page">
          <p>
            The address may be mistyped, or the page is gone. <Link to={{ page: "fleet" }}>Go to the robots.</Link>
          </p>
        </Page>
      );
    default:
      return <RobotPages key={route.robot} page={route.page} robot={route.robot} />;
  }
}
