import { PspError } from '../../protocol/errors';
import { protocolVersion, type Limits } from '../../protocol/limits';
import type { Params, Result } from '../../protocol/methods';
import type { PairingCodes } from '../pairing/pairingCodes';
import { equalSecrets } from '../pairing/token';

export interface GreetingParts {
  readonly version: string;
  readonly token: string;
  readonly codes: PairingCodes;
  readonly limits: Limits;
}

/** Answers hello, or says why not. @throws PspError WRONG_VERSION, NOT_PAIRED */
export function createGreeting({ version, token, codes, limits }: GreetingParts) {
  return ({ protocol, client, proof }: Params<'hello'>): Result<'hello'> => {
    if (protocol !== protocolVersion) {
      const older = protocol < protocolVersion ? client.name : 'pSp Layers bridge server';
      throw new PspError(
        'WRONG_VERSION',
        `${client.name} ${client.version} speaks protocol ${protocol}, the bridge server ${version} protocol ${protocolVersion}. Update the ${older}.`,
      );
    }
    if (proof.kind === 'token' && !equalSecrets(proof.token, token)) {
      throw new PspError(
        'NOT_PAIRED',
        'The bridge server does not know this token. Pair again: "psp-layers pair" shows a code.',
      );
    }
    if (proof.kind === 'code' && !codes.redeem(proof.code)) {
      throw new PspError(
        'NOT_PAIRED',
        'The code is wrong, was used already or is older than five minutes. "psp-layers pair" shows a new one.',
      );
    }
    return {
      protocol: protocolVersion,
      server: { name: 'pSp Layers bridge server', version },
      limits,
      token: proof.kind === 'code' ? token : null,
    };
  };
}
