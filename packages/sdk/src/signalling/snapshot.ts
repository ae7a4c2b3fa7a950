import { SignalData } from "@tether/protocol/frame/signal";

/** A signal's data as it goes over the wire, whatever its owner does to it later, and its size. Nothing if it cannot go. */
export function snapshot(data: SignalData): { readonly value: SignalData; readonly bytes: number } | undefined {
  try {
    const text = JSON.stringify(data);
    // A signal that the broker would refuse must not take a number of the stream, which could then never be filled.
    return { value: SignalData.parse(JSON.parse(text)), bytes: new TextEncoder().encode(text).length };
  } catch {
    return undefined;
  }
}
