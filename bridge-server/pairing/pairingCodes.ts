import { randomBytes, randomInt } from 'node:crypto';
import { equalSecrets } from './token';

/** `short` is for people to type, `long` for the address that opens our page. */
export type CodeKind = 'short' | 'long';

interface Code {
  readonly text: string;
  readonly expiresAt: number;
}

export const codeLifeMs = 5 * 60 * 1000;
/** One in 200,000 to guess a six-digit code before it is void. */
const maxWrongTries = 5;

/** Codes by which a host proves once that its user sees this computer's screen. */
export class PairingCodes {
  private readonly codes = new Map<CodeKind, Code>();
  private wrongTries = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** A fresh code; the one of that kind before it is void. */
  create(kind: CodeKind): { readonly code: string; readonly expiresInMs: number } {
    const short = kind === 'short';
    const text = short
      ? String(randomInt(1_000_000)).padStart(6, '0')
      : randomBytes(16).toString('hex');
    this.codes.set(kind, { text, expiresAt: this.now() + codeLifeMs });
    if (short) this.wrongTries = 0;
    return { code: text, expiresInMs: codeLifeMs };
  }

  /** True once for a code that lives. */
  redeem(text: string): boolean {
    for (const [kind, code] of this.codes) {
      const right = equalSecrets(code.text, text);
      if (this.now() > code.expiresAt) this.codes.delete(kind);
      else if (right) return this.codes.delete(kind);
    }
    if (++this.wrongTries >= maxWrongTries) this.codes.delete('short');
    return false;
  }
}
