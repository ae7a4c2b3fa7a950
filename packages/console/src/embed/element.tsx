import type { TokenCallback } from "@tether/sdk/client";
import { createRoot, type Root } from "react-dom/client";
import { DriveView } from "./drive.tsx";

/**
 * `<tether-drive api="…" robot="…">`: the drive page as an element, for pages without React. Its property `token` gives the person's ID token, and
 * has to be set; the event `sign-in` says that they have to sign in again.
 */
export class TetherDrive extends HTMLElement {
  static readonly observedAttributes = ["api", "robot"];
  #root: Root | undefined;
  #token: TokenCallback | undefined;

  get token(): TokenCallback | undefined {
    return this.#token;
  }

  set token(token: TokenCallback | undefined) {
    this.#token = token;
    this.#draw();
  }

  connectedCallback(): void {
    this.#draw();
  }

  disconnectedCallback(): void {
    this.#root?.unmount();
    this.#root = undefined;
  }

  attributeChangedCallback(): void {
    this.#draw();
  }

  #draw(): void {
    const [api, robot] = [this.getAttribute("api"), this.getAttribute("robot")];
    if (!this.isConnected || api === null || robot === null || !this.#token) return;
    this.#root ??= createRoot(this);
    this.#root.render(<DriveView api={api} robot={robot} token={this.#token} signIn={() => this.dispatchEvent(new Event("sign-in"))} />);
  }
}

customElements.define("tether-drive", TetherDrive);
