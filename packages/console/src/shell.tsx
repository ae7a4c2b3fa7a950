import type { ReactNode } from "react";
import { Link } from "./route/link.tsx";
import type { Route } from "./route/route.ts";
import type { Person } from "./sign-in/person.ts";

/** The frame around every page. */
export function Shell({ person, route, children }: { person: Person; route: Route; children: ReactNode }) {
  const current = (pages: readonly Route["page"][]) => (pages.includes(route.page) ? ({ "aria-current": "page" } as const) : {});
  return (
    <>
      <a className="button skip" href="#main">
        Skip to the page
      </a>
      <header className="bar">
        <Link to={{ page: "fleet" }} className="brand">
          <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="7" fill="#0b5c63" />
            <path d="M7 22a5 5 0 0 1 5-5h8a5 5 0 0 0 5-5" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
            <circle cx="7" cy="22" r="3" fill="#fff" />
            <circle cx="25" cy="12" r="3" fill="#f5b942" />
          </svg>
          <span>Tether</span>
        </Link>
        <nav className="tabs" aria-label="Console">
          <Link to={{ page: "fleet" }} {...current(["fleet", "new"])}>
            Robots
          </Link>
          <Link to={{ page: "diagnostics" }} {...current(["diagnostics"])}>
            Diagnostics
          </Link>
        </nav>
        <div className="tabs who">
          <Link to={{ page: "account" }} {...current(["account"])}>
            {person.name}
          </Link>
        </div>
      </header>
      {children}
    </>
  );
}
