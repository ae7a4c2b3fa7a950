/** Tells listeners of events by their names, in the order in which they came. */
export type Emitter<Events> = {
  /** Calling what it returns takes the listener off again. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void;
  /** Tells an event to its listeners. One that throws keeps none of the others from it. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void;
};

export function createEmitter<Events>(): Emitter<Events> {
  const listeners = new Map<keyof Events, Set<(event: never) => void>>();
  return {
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => void set.delete(listener);
    },
    emit(name, event) {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          (listener as (event: Events[typeof name]) => void)(event);
        } catch (error) {
          // A listener's defect is its owner's to see, and must not stop the connection.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
