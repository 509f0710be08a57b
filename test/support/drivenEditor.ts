import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

interface DriverAnswer {
  readonly answer?: unknown;
  readonly error?: string;
}

/** An editor in which a driver of ours runs the pieces of Python that a test sends, one JSON string a line. */
export class DrivenEditor {
  private constructor(
    private readonly editor: ChildProcess,
    private readonly server: Server,
    private readonly socket: Socket,
    private readonly answers: AsyncIterator<string>,
    /** All that the editor and its plug-ins wrote to stderr and stdout. */
    readonly log: () => string,
  ) {}

  /** @param command the program and its arguments, given the port that the driver has to call */
  static async start(
    command: (port: number) => readonly string[],
    options: SpawnOptions = {},
  ): Promise<DrivenEditor> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const [program, ...args] = command(address.port);
    const editor = spawn(program!, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [editor.stdout!, editor.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (log += text));
    }
    const ended = once(editor, 'exit').then(() => {
      throw new Error(`The editor ended before it was driven:\n${log}`);
    });
    const [socket] = (await Promise.race([once(server, 'connection'), ended])) as [Socket];
    ended.catch(() => undefined);
    const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
    return new DrivenEditor(editor, server, socket, answers, () => log);
  }

  /** @returns what the piece assigned to `answer`, by way of JSON */
  async run<T>(python: string): Promise<T> {
    this.socket.write(`${JSON.stringify(python)}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`The editor ended meanwhile:\n${this.log()}`);
    const { answer, error } = JSON.parse(value) as DriverAnswer;
    if (error !== undefined) throw new Error(`${error}\n${this.log()}`);
    return answer as T;
  }

  /** The driver ends the editor when nobody drives it any more. */
  async close(): Promise<void> {
    const ended = this.editor.exitCode === null ? once(this.editor, 'exit') : null;
    this.socket.end();
    await ended;
    this.server.close();
  }
}
