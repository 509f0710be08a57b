import { PspError } from '../../../../protocol/errors';

/** Files that hold something: an empty one is what a write that was cut off has left. */
export async function writtenNames(folder: FileSystemDirectoryHandle): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of folder.values()) {
    if (entry.kind === 'file' && (await entry.getFile()).size > 0) names.push(entry.name);
  }
  return names;
}

/**
 * Writes a new file, whole or not at all.
 * @throws PspError OUTPUT_FAILED; what had the name stays as it was
 */
export async function writeResult(
  folder: FileSystemDirectoryHandle,
  name: string,
  blob: Blob,
): Promise<void> {
  const refuse = (): never => {
    throw new PspError(
      'OUTPUT_FAILED',
      `"${name}" is already there and was not overwritten. Move it away and run again.`,
    );
  };
  if ((await writtenNames(folder)).includes(name)) refuse();
  try {
    // The name appears at once and empty; what is written appears when the stream is closed.
    const file = await folder.getFileHandle(name, { create: true });
    const stream = await file.createWritable();
    try {
      await stream.write(blob);
      if ((await file.getFile()).size > 0) refuse();
    } catch (error) {
      await stream.abort();
      throw error;
    }
    await stream.close();
  } catch (cause) {
    if (!(await writtenNames(folder)).includes(name)) {
      await folder.removeEntry(name).catch(() => undefined);
    }
    if (cause instanceof PspError) throw cause;
    throw new PspError(
      'OUTPUT_FAILED',
      `"${name}" could not be written. Check the disk's space and permissions.`,
      { cause },
    );
  }
}
