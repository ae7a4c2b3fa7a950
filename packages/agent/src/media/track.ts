/** A track of a native peer connection. */
export type MediaTrack = { readonly isOpen: () => boolean; readonly send: (packet: Buffer) => void };
