import type { IncomingMessage, ServerResponse } from 'node:http';
import { listStaticFiles } from './staticFiles';
import { statusPage, type Health } from './statusPage';

/** Two ways in for hosts that cannot read the token; each works once, for `expiresInMs`. */
export interface Invitation {
  /** For Photoshop: to type. */
  readonly pairingCode: string;
  /** For the browser: opens our page, paired. */
  readonly pageUrl: string;
  readonly expiresInMs: number;
}

export interface PagesOptions {
  /** Our built page; `/` shows the status where it has not been built. */
  readonly folder: string;
  readonly health: () => Health;
  readonly challenges: {
    ask(clientNonce: string): { readonly nonce: string; readonly proof: string };
    isProved(clientNonce: string, serverNonce: string, proof: string): boolean;
  };
  readonly invite: () => Invitation;
}

/**
 * Answers plain HTTP: our page, `/status` for people, `/health` for programs, `/challenge/NONCE` with
 * this side's proof, and a POST to `/invitation` by who gives the other.
 */
export function createPages({ folder, health, challenges, invite }: PagesOptions) {
  const files = listStaticFiles(folder);
  return (request: IncomingMessage, response: ServerResponse): void => {
    const [address = '/'] = (request.url ?? '/').split('?');
    if (request.method === 'POST' && address === '/invitation') {
      const [scheme, ...given] = (request.headers.authorization ?? '').split(' ');
      const [clientNonce = '', serverNonce = '', proof = ''] = given;
      return scheme === 'Proof' && challenges.isProved(clientNonce, serverNonce, proof)
        ? answer(response, 200, 'application/json', JSON.stringify(invite()))
        : answer(response, 401, 'text/plain', 'The proof is wrong.');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(response, 405, 'text/plain', 'Only GET is answered here.');
    }
    const nonce = /^\/challenge\/([A-Za-z0-9_-]{16,64})$/.exec(address)?.[1];
    if (nonce !== undefined) {
      return answer(response, 200, 'application/json', JSON.stringify(challenges.ask(nonce)));
    }
    const file = files.get(address);
    if (file) return answer(response, 200, file.contentType, file.read());
    if (address === '/health') {
      return answer(response, 200, 'application/json', JSON.stringify(health()));
    }
    if (address === '/status' || address === '/') {
      return answer(response, 200, 'text/html; charset=utf-8', statusPage(health()));
    }
    answer(response, 404, 'text/plain', 'There is no such page. Go to / or /status.');
  };
}

/** Nothing from elsewhere, no frames around it; styles may be inline because widgets set them. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  // Chromium's 'self' covers ws:, Safari's did not before 15.4.
  "connect-src 'self' ws://localhost:* ws://127.0.0.1:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function answer(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Buffer,
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'content-security-policy': contentSecurityPolicy,
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  });
  response.end(body);
}
