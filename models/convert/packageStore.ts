import type { FileRole, ModelDescription } from './modelDescription';

/**
 * Where a package goes. The store decides where files lie: packages with the same weights can share one,
 * since equal weights give equal bytes. Nothing becomes visible before `commit`.
 */
export interface PackageStore {
  /** Begins the file of a role. */
  createFile(role: FileRole): Promise<FileSink>;
  /** Makes the package visible, all of it or nothing. */
  commit(model: ModelDescription): Promise<void>;
  /** Removes everything that was written; called instead of `commit` after a failure. */
  discard(): Promise<void>;
}

export interface FileSink {
  /** Takes the bytes before it resolves: the caller may reuse them. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Ends the file.
   * @param sha256 of all that was written
   * @returns its path relative to the package's folder
   */
  close(sha256: string): Promise<string>;
}
