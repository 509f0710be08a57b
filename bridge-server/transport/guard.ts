/** The parts of an HTTP request by which a web page on another site gives itself away. */
export interface Caller {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

const ownNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Why a caller is refused, as a sentence, or `null`. A foreign Host is DNS rebinding: a site whose
 * name was made to point here. A foreign http(s) Origin is a page of another site; `null` is a page
 * that hides its own. Photoshop sends `file://`, other programs nothing: their token is the gate.
 */
export function refuseCaller({ host, origin }: Caller, port: number): string | null {
  const own = ownNames.flatMap((name) => {
    const full = `${name}:${port}`;
    // Nobody says the port that is HTTP's own.
    return port === 80 ? [name, full] : [full];
  });
  if (host === undefined || !own.includes(host.toLowerCase())) {
    return `This is the pSp Layers bridge of this computer: use http://localhost:${port}/.`;
  }
  const allowed = origin === undefined || origin === 'file://' || own.includes(withoutHttp(origin));
  return allowed ? null : 'Web pages of other sites may not use the pSp Layers bridge.';
}

function withoutHttp(origin: string): string {
  return origin.startsWith('http://') ? origin.slice('http://'.length).toLowerCase() : '';
}
