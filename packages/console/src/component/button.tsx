import type { ComponentProps } from "react";

type ButtonProps = ComponentProps<"button"> & { kind?: "main" | "danger"; size?: "small"; isBusy?: boolean };

/** While busy it keeps focus and size, and does nothing. */
export function Button({ kind, size, isBusy = false, onClick, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className="button"
      data-kind={kind}
      data-size={size}
      aria-disabled={isBusy || undefined}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}
