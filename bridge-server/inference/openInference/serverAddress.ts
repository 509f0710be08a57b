import { readFile } from 'node:fs/promises';
import { PspError } from '../../../protocol/errors';
import type { ServerAddress } from './call';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The inference server that the environment names, or `null`.
 * - `PSP_LAYERS_INFERENCE`: http(s)://host:port
 * - `PSP_LAYERS_INFERENCE_HEADERS`: a file of lines "Name: value" that go with every request
 * - `PSP_LAYERS_INFERENCE_CA`: a PEM file of the studio's own certificate authority
 * @throws PspError BAD_INPUT
 */
export async function readServerAddress(
  environment: Environment = process.env,
): Promise<ServerAddress | null> {
  const address = environment['PSP_LAYERS_INFERENCE'];
  if (!address) return null;
  const ca = environment['PSP_LAYERS_INFERENCE_CA'];
  return {
    url: readUrl(address),
    headers: readHeaders(await readText(environment['PSP_LAYERS_INFERENCE_HEADERS'])),
    ca: ca ? await readText(ca) : undefined,
  };
}

function readUrl(address: string): URL {
  if (URL.canParse(address)) {
    const url = new URL(address);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  }
  throw new PspError(
    'BAD_INPUT',
    `PSP_LAYERS_INFERENCE is "${address}". Write it as http://host:8000 or https://host, or unset it.`,
  );
}

async function readText(path: string | undefined): Promise<string> {
  if (!path) return '';
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new PspError('BAD_INPUT', `The file ${path} for the inference server cannot be read.`, {
      cause,
    });
  });
}

function readHeaders(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line, index) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) return [name, value.trim()];
      // The line itself may hold a key: only its number is told.
      throw new PspError(
        'BAD_INPUT',
        `Line ${index + 1} of the file that PSP_LAYERS_INFERENCE_HEADERS names is no "Name: value".`,
      );
    }),
  );
}
