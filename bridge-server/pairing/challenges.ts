import { randomBytes } from 'node:crypto';
import { proofOf, type Greeting } from '../../protocol/proof';
import { equalSecrets } from './token';

/** From a question to its answer: programs, not people. */
const lifeMs = 10_000;
const maxOpen = 64;

/** The greeting of docs/protocol.md for plain HTTP, where no connection remembers the question. */
export class Challenges {
  /** When each question of ours was asked, by both nonces. */
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly token: string,
    private readonly port: () => number,
    private readonly now = (): number => performance.now(),
  ) {}

  /** This side's proof, and the question to the other. */
  ask(clientNonce: string): { readonly nonce: string; readonly proof: string } {
    const nonce = randomBytes(16).toString('hex');
    this.asked.set(`${clientNonce} ${nonce}`, this.now());
    for (const oldest of this.asked.keys()) {
      if (this.asked.size <= maxOpen) break;
      this.asked.delete(oldest);
    }
    return { nonce, proof: proofOf(this.token, 'server', this.greeting(clientNonce, nonce)) };
  }

  /** True once for a question of ours that is answered rightly and in time. */
  isProved(clientNonce: string, serverNonce: string, proof: string): boolean {
    const key = `${clientNonce} ${serverNonce}`;
    const askedAt = this.asked.get(key);
    this.asked.delete(key);
    if (askedAt === undefined || this.now() - askedAt > lifeMs) return false;
    const greeting = this.greeting(clientNonce, serverNonce);
    return equalSecrets(proof, proofOf(this.token, 'client', greeting));
  }

  private greeting(clientNonce: string, serverNonce: string): Greeting {
    return { port: this.port(), instance: invitationPurpose, clientNonce, serverNonce };
  }
}

/** What is proved for, where a connection has its instance. */
export const invitationPurpose = 'invitation';
