import { createHash, createHmac, randomBytes } from 'node:crypto';
import {
  openToken,
  proofOf,
  readCode,
  sealToken,
  spellCode,
  stretched,
} from '../../protocol/proof';
import { hmac, sha256 } from '../../protocol/sha256';

const greeting = { port: 9477, instance: 'i'.repeat(16), clientNonce: 'c', serverNonce: 's' };

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000])('SHA-256 of %i bytes', (length) => {
  const message = randomBytes(length);
  const expected = createHash('sha256').update(message).digest('hex');
  expect(Buffer.from(sha256(message)).toString('hex')).toBe(expected);
});

test.each([1, 32, 64, 65, 200])('HMAC with a key of %i bytes', (length) => {
  const [key, message] = [randomBytes(length), randomBytes(77)];
  const expected = createHmac('sha256', key).update(message).digest('hex');
  expect(Buffer.from(hmac(key, message)).toString('hex')).toBe(expected);
});

/** The same numbers are in test/gimp/unit/test_proof.py. */
test('a proof is what docs/protocol.md says', () => {
  expect(proofOf('secret', 'client', greeting)).toBe(
    createHmac('sha256', 'secret')
      .update(`psp-layers\nclient\n9477\n${'i'.repeat(16)}\nc\ns`)
      .digest('hex'),
  );
  for (const other of [
    proofOf('secret', 'server', greeting),
    proofOf('Secret', 'client', greeting),
    proofOf('secret', 'client', { ...greeting, port: 9478 }),
    proofOf('secret', 'client', { ...greeting, serverNonce: 't' }),
  ]) {
    expect(other).not.toBe(proofOf('secret', 'client', greeting));
  }
});

test('a token is sealed for who knows the code', () => {
  for (let i = 0; i < 20; i++) {
    const token = randomBytes(32).toString('base64url');
    const sealed = sealToken(token, 'code', greeting);
    expect(sealed).toMatch(/^[0-9a-f]{64}$/);
    expect(openToken(sealed, 'code', greeting)).toBe(token);
    expect(openToken(sealed, 'other', greeting)).not.toBe(token);
  }
});

test('a code is read however it is typed', () => {
  const code = spellCode(Uint8Array.of(0, 1, 2, 31, 20, 18, 200, 255));
  expect(code).toBe('012Z-MJ8Z');
  for (const typed of ['012zmj8z', 'oi2z mj8z', ' O-L-2-Z-M-J-8-Z ']) {
    expect(readCode(typed)).toBe('012ZMJ8Z');
    expect(stretched(typed)).toBe(stretched(code));
  }
});
