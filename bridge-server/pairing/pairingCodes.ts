import { randomBytes } from 'node:crypto';
import { spellCode, stretched } from '../../protocol/proof';

/** `code` is for people to type, `page` for the address that opens our page. */
export type CodeKind = 'code' | 'page';

interface Code {
  /** What is proved: of a typed code its stretched form. */
  readonly secret: string;
  readonly expiresAt: number;
}

export const codeLifeMs = 5 * 60 * 1000;

/**
 * Codes by which a host proves once that its user sees this computer's screen. Both have so many
 * values that tries need not be counted: nobody can void a user's code by wrong ones.
 */
export class PairingCodes {
  private readonly codes = new Map<CodeKind, Code>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** A fresh code; the one of that kind before it is void. */
  create(kind: CodeKind): { readonly code: string; readonly expiresInMs: number } {
    const code = kind === 'code' ? spellCode(randomBytes(8)) : randomBytes(16).toString('hex');
    const secret = kind === 'code' ? stretched(code) : code;
    this.codes.set(kind, { secret, expiresAt: this.now() + codeLifeMs });
    return { code, expiresInMs: codeLifeMs };
  }

  /** What the other side has to know too, or `null` when no code of that kind lives. */
  secretOf(kind: CodeKind): string | null {
    const code = this.codes.get(kind);
    if (code && this.now() <= code.expiresAt) return code.secret;
    this.codes.delete(kind);
    return null;
  }

  /** The code has been proved: it works once. */
  redeem(kind: CodeKind, secret: string): void {
    if (this.codes.get(kind)?.secret === secret) this.codes.delete(kind);
  }
}
