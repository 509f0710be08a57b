import { randomBytes } from 'node:crypto';
import { object, integer, text } from '../../protocol/decode';
import { PspError } from '../../protocol/errors';
import { protocolVersion, type Limits } from '../../protocol/limits';
import { methods, type Params, type Result } from '../../protocol/methods';
import { proofOf, sealToken, type Greeting } from '../../protocol/proof';
import type { PairingCodes } from '../pairing/pairingCodes';
import { equalSecrets } from '../pairing/token';
import type { Greeted } from '../transport/service';

export interface GreetingParts {
  readonly version: string;
  readonly token: string;
  readonly codes: PairingCodes;
  readonly limits: Limits;
  /** Where clients reach this server. */
  readonly port: () => number;
}

/** What every version of the protocol says first. */
const anyHello = object({
  protocol: integer(1, 1_000_000),
  client: object({ name: text(100), version: text(40) }),
});

/** Answers hello with this side's proof and waits for the client's. @throws PspError WRONG_VERSION, NOT_PAIRED */
export function createGreeting(parts: GreetingParts): (params: unknown) => Greeted {
  const { version, token, codes, limits, port } = parts;

  return (params) => {
    const { protocol, client } = anyHello(params, 'hello');
    if (protocol !== protocolVersion) {
      const older = protocol < protocolVersion ? client.name : 'pSp Layers bridge server';
      throw new PspError(
        'WRONG_VERSION',
        `${client.name} ${client.version} speaks protocol ${protocol}, the bridge server ${version} protocol ${protocolVersion}. Update the ${older}.`,
      );
    }
    const { instance, nonce, by } = methods.hello.params(params, 'hello');
    const secret = by === 'token' ? token : codes.secretOf(by);
    if (secret === null) throw noCode();
    const greeting: Greeting = {
      port: port(),
      instance,
      clientNonce: nonce,
      serverNonce: randomBytes(16).toString('hex'),
    };
    return {
      instance,
      result: {
        protocol: protocolVersion,
        server: { name: 'pSp Layers bridge server', version },
        nonce: greeting.serverNonce,
        proof: proofOf(secret, 'server', greeting),
      },
      prove({ proof, compact }: Params<'prove'>): Result<'prove'> {
        if (!equalSecrets(proof, proofOf(secret, 'client', greeting))) {
          throw by === 'token' ? wrongToken() : noCode();
        }
        if (by === 'token') return { limits, token: null, compact };
        codes.redeem(by, secret);
        return { limits, token: sealToken(token, secret, greeting), compact };
      },
    };
  };
}

const wrongToken = (): PspError =>
  new PspError(
    'NOT_PAIRED',
    'The bridge server does not know this token. Pair again: "psp-layers pair" shows a code.',
  );

const noCode = (): PspError =>
  new PspError(
    'NOT_PAIRED',
    'The code is wrong, was used already or is older than five minutes. "psp-layers pair" shows a new one.',
  );
