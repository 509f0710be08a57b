import { PspError } from '../../protocol/errors';

/** A port that somebody listens on. @throws PspError BAD_INPUT */
export const parsePort = (text: string): number => parse(text, 1, 'Use 1 to 65535.');

/** A port to listen on. @throws PspError BAD_INPUT */
export const parseOwnPort = (text: string): number =>
  parse(text, 0, 'Use 1 to 65535, or 0 for any free one.');

function parse(text: string, lowest: number, next: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= lowest && port <= 65535) return port;
  throw new PspError('BAD_INPUT', `--port cannot be "${text}". ${next}`);
}
