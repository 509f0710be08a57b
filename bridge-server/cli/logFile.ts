import { closeSync, constants, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** What a month of work writes; the file before it is kept beside it as `….1`. */
const defaultMaxBytes = 4 * 2 ** 20;

interface OpenLog {
  readonly descriptor: number;
  /** `null` for what is no file: a device or a pipe has no size to keep small. */
  bytes: number | null;
}

/**
 * Where log lines go. Never throws and never waits: a line that cannot be written (full disk, no
 * permission, a pipe that nobody reads) is counted, and the count is written when there is room again.
 */
export class LogFile {
  private open: OpenLog | null = null;
  private lost = 0;

  constructor(
    private readonly path: string,
    private readonly maxBytes: number = defaultMaxBytes,
  ) {}

  /** @param line with its newline */
  write(line: string): void {
    try {
      this.open ??= openLog(this.path);
      this.makeRoom(line.length);
      if (this.lost > 0) {
        this.append(`{"msg":"${this.lost} lines could not be written here"}\n`);
        this.lost = 0;
      }
      this.append(line);
    } catch {
      this.lost += 1;
      this.close();
    }
  }

  private append(line: string): void {
    const { open } = this;
    if (!open) return;
    const bytes = Buffer.from(line);
    // A disk that fills up takes a part and says so only when asked to take the rest.
    for (let done = 0; done < bytes.length;) done += writeSync(open.descriptor, bytes, done);
    if (open.bytes !== null) open.bytes += bytes.length;
  }

  private makeRoom(length: number): void {
    const bytes = this.open?.bytes ?? 0;
    if (bytes === 0 || bytes + length <= this.maxBytes) return;
    this.close();
    renameSync(this.path, `${this.path}.1`);
    this.open = openLog(this.path);
  }

  private close(): void {
    const { open } = this;
    this.open = null;
    try {
      if (open) closeSync(open.descriptor);
    } catch {
      // What the disk could not take then it cannot take now.
    }
  }
}

function openLog(path: string): OpenLog {
  const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;
  // Windows has no O_NONBLOCK, and no pipes with names in the file system.
  const descriptor = openSync(path, O_WRONLY | O_APPEND | O_CREAT | (O_NONBLOCK ?? 0), 0o600);
  const status = fstatSync(descriptor);
  return { descriptor, bytes: status.isFile() ? status.size : null };
}
