import { PspError } from '../../protocol/errors';

/** @throws PspError BAD_INPUT */
export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new PspError(
    'BAD_INPUT',
    `--port cannot be "${text}". Use 1 to 65535, or 0 for any free one.`,
  );
}
