import type { ComponentProps, MouseEvent } from "react";
import { go } from "./location.ts";
import { pathOf, type Route } from "./route.ts";

type LinkProps = Omit<ComponentProps<"a">, "href"> & { to: Exclude<Route, { page: "unknown" }>; kind?: "main" };

/** A link within the console. New tabs and windows are the browser's to open. */
export function Link({ to, kind, ...rest }: LinkProps) {
  const href = pathOf(to);
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
  };
  return <a {...rest} href={href} onClick={onClick} {...(kind && { className: "button", "data-kind": kind })} />;
}
