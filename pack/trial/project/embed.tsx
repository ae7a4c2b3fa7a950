import { DriveView } from "@tether/console/drive";
import { createRoot } from "react-dom/client";
import "@tether/console/drive.css";
import "./theme.css";

declare const settings: { readonly api: string; readonly robot: string; readonly token: string };

function App() {
  return (
    <>
      <h1>My fleet</h1>
      <DriveView api={settings.api} robot={settings.robot} token={async () => settings.token} signIn={() => location.assign("/sign-in")} />
    </>
  );
}

createRoot(document.body.appendChild(document.createElement("main"))).render(<App />);
