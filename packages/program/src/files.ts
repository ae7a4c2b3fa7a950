/** What a file holds, who may read it (`mode`, its nine permission bits), and whose it is. */
export type Found = { readonly text: string; readonly mode: number; readonly owner: number };

/** The disk as the programs use it, one step a method: a test stops between any two of them. */
export interface Files {
  /** This process's user; undefined where users have no numbers. */
  readonly user: number | undefined;
  /** Undefined if there is none. */
  read(path: string): Promise<Found | undefined>;
  /** The nine permission bits of a folder; undefined if there is none. */
  modeOf(folder: string): Promise<number | undefined>;
  /** With those above it; only its owner may enter. */
  makeFolder(path: string): Promise<void>;
  /** Writes a new file that only its owner may read. */
  create(path: string, text: string): Promise<"created" | "exists">;
  /** Resolves once a file's content, or a folder's names, would outlive a loss of power. */
  flush(path: string): Promise<void>;
  /** Replaces `to`, whole. */
  rename(from: string, to: string): Promise<void>;
  /** Also if it is gone already. */
  remove(path: string): Promise<void>;
  /** Takes a lock in a folder that is there; undefined while another process or a caller of this one holds it. The answer gives it back. */
  take(path: string): (() => void) | undefined;
}
