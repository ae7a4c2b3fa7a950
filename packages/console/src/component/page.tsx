import { type ReactNode, useEffect, useRef } from "react";

/** A page: its title in the tab and as the heading, to which the focus goes when one arrives. */
export function Page({ title, beside, children }: { title: string; beside?: ReactNode; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Tether`;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <main className="page" id="main">
      <div className="head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {beside}
      </div>
      {children}
    </main>
  );
}

/** Keeps the place of what is loading. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className="skeleton">
      <p className="hidden" role="status">
        Loading …
      </p>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike.
        <span key={index} />
      ))}
    </div>
  );
}
