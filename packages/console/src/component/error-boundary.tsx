import { Component, type ReactNode } from "react";
import { Button } from "./button.tsx";

type Props = { readonly children: ReactNode };

/** Shows words in place of a blank window where a page breaks, or its code cannot be fetched as after an update. */
export class ErrorBoundary extends Component<Props, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <main className="page" id="main">
        <h1>This page broke</h1>
        <div className="note" data-tone="bad" role="alert">
          <strong>It could not be shown, or a part of it could not be fetched.</strong>
          <p>Load it again. Robots and their sessions are not affected.</p>
        </div>
        <div>
          <Button kind="main" onClick={() => location.reload()}>
            Load it again
          </Button>
        </div>
      </main>
    );
  }
}
