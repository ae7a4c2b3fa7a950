/** A file's text, its nine permission bits (`mode`) and its owner's user id. */
export type FileContent = { readonly text: string; readonly mode: number; readonly owner: number };

/** The disk as the programs use it, one step a method: a test stops between any two of them. */
export interface Files {
  /** The user id of this process; undefined on systems without user ids. */
  readonly user: number | undefined;
  /** Reads a file; undefined if there is none. */
  read(path: string): Promise<FileContent | undefined>;
  /** The nine permission bits of a folder; undefined if there is none. */
  modeOf(folder: string): Promise<number | undefined>;
  /** Makes a folder, and those above it, that only its owner may enter. */
  makeFolder(path: string): Promise<void>;
  /** Writes a new file that only its owner may read. */
  create(path: string, text: string): Promise<"created" | "exists">;
  /** Resolves once a file's content, or a folder's names, would outlive a loss of power. */
  flush(path: string): Promise<void>;
  /** Renames a file, and replaces `to` in one step. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; a file that does not exist is no error. */
  remove(path: string): Promise<void>;
  /** Takes a lock in an existing folder; undefined while another process, or another caller in this one, holds it. The function returned gives the lock back. */
  take(path: string): (() => void) | undefined;
}
