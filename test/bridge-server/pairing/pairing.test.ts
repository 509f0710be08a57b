import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PairingCodes } from '../../../bridge-server/pairing/pairingCodes';
import { stretched } from '../../../protocol/proof';
import { ensureToken, equalSecrets, tokenPath } from '../../../bridge-server/pairing/token';

describe('the token', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'psp-token-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is made once, long and for the user alone', async () => {
    const token = await ensureToken(folder);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await ensureToken(folder)).toBe(token);
    expect(readFileSync(tokenPath(folder), 'utf8')).toBe(`${token}\n`);
  });

  const onPosix = process.platform === 'win32' ? test.skip : test;
  onPosix('has mode 0600, and gets it back when it was opened to others', async () => {
    await ensureToken(folder);
    expect(statSync(tokenPath(folder)).mode & 0o777).toBe(0o600);
    chmodSync(tokenPath(folder), 0o644);
    await ensureToken(folder);
    expect(statSync(tokenPath(folder)).mode & 0o777).toBe(0o600);
  });

  test('a file that is damaged is replaced: an empty token would let everybody in', async () => {
    writeFileSync(tokenPath(folder), '\n');
    expect(await ensureToken(folder)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('secrets of any length are compared', () => {
    expect(equalSecrets('abc', 'abc')).toBe(true);
    expect(equalSecrets('abc', 'abd')).toBe(false);
    expect(equalSecrets('', 'abc')).toBe(false);
  });
});

describe('pairing codes', () => {
  test('a code to type is eight plain letters and digits, and works once', () => {
    const codes = new PairingCodes();
    const { code } = codes.create('code');
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(codes.secretOf('code')).toBe(stretched(code));
    codes.redeem('code', stretched(code));
    expect(codes.secretOf('code')).toBeNull();
  });

  test('a code lives five minutes', () => {
    const clock = { now: 0 };
    const codes = new PairingCodes(() => clock.now);
    const { expiresInMs } = codes.create('page');
    clock.now = expiresInMs + 1;
    expect(codes.secretOf('page')).toBeNull();
  });

  test('a new code voids the one before it, and its late proof does not use the new one up', () => {
    const codes = new PairingCodes();
    const first = codes.create('page').code;
    const second = codes.create('page').code;
    codes.redeem('page', first);
    expect(codes.secretOf('page')).toBe(second);
  });
});
