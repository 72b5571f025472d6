/** What discovery needs of a file system, as a value: tests pass their own. */

/** A file system, read only. Paths are absolute. */
export interface FileSystem {
  /** `file`, `folder`, or undefined for nothing there. Follows symbolic links. */
  kindOf(path: string): "file" | "folder" | undefined;
  /** Names in a folder, sorted. */
  list(folder: string): string[];
  /** The path without symbolic links. */
  real(path: string): string;
  /** UTF-8 text. */
  read(path: string): string;
  /** Bytes. */
  size(path: string): number;
}
