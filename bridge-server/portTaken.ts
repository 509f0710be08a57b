import { createServer } from 'node:net';
import { PspError } from '../protocol/errors';

/** Why the port could not be had, and what to do about it. */
export async function explainListenError(error: unknown, port: number): Promise<PspError> {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES') {
    const text = `The system does not let this user listen on port ${port}. Use --port with one above 1023.`;
    return new PspError('BUSY', text, { cause: error });
  }
  if (code !== 'EADDRINUSE') {
    return new PspError('BUSY', `Port ${port} cannot be used: ${message}.`, { cause: error });
  }
  const version = await versionOfBridge(port);
  const text = version
    ? `A pSp Layers bridge (${version}) runs on port ${port} already. Use that one: hosts connect to it by themselves.`
    : `Port ${port} is used by another program. End it, or start with --port and set the same port in each host.`;
  return new PspError('BUSY', text, { cause: error });
}

/** The version of the bridge that answers on a port, or `null` when none does. */
export async function versionOfBridge(port: number): Promise<string | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, {
      signal: AbortSignal.timeout(2000),
    });
    const health: unknown = await response.json();
    const ours =
      typeof health === 'object' &&
      health !== null &&
      'service' in health &&
      health.service === 'psp-layers' &&
      'version' in health;
    return ours ? String(health.version) : null;
  } catch {
    return null;
  }
}

/** Whether this user could listen there now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
