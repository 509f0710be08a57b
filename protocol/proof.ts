import { hmac } from './sha256';

/*
 * How client and server prove to each other that they know the same secret without saying it: each signs
 * both sides' nonces. What is signed names the side, so that no answer can be sent back, and the port, so
 * that a program on another port cannot pass the questions on.
 */

/** What both sides know of a greeting; texts are ASCII. */
export interface Greeting {
  readonly port: number;
  /** The client's instance, or what else the proof is for. */
  readonly instance: string;
  readonly clientNonce: string;
  readonly serverNonce: string;
}

/** Hexadecimal. @param secret the token, or `stretched` of a code */
export function proofOf(secret: string, side: 'client' | 'server', greeting: Greeting): string {
  return hex(sign(secret, side, greeting));
}

/**
 * A token (32 bytes in base64url) for a client that has proved to know a code: readable by nobody else.
 * Its own inverse, but for the spelling: `openToken`.
 */
export const sealToken = (token: string, secret: string, greeting: Greeting): string =>
  hex(mixed(fromBase64Url(token), sign(secret, 'token', greeting)));

/** @param sealed as `sealToken` gave it */
export const openToken = (sealed: string, secret: string, greeting: Greeting): string =>
  toBase64Url(mixed(fromHex(sealed), sign(secret, 'token', greeting)));

/** Crockford's alphabet: no I, L, O and U, which are read as something else. */
const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const codeLength = 8;

/** "K7QF-2N9X", from 5 bits a letter. @param bytes at least eight that nobody can guess */
export function spellCode(bytes: Uint8Array): string {
  const letters = Array.from(bytes.subarray(0, codeLength), (byte) => codeAlphabet[byte & 31]!);
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}

/** A code as a person may have typed it, without what is only there to be read. */
export const readCode = (typed: string): string =>
  typed
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-Z]/g, '');

/** Guesses of a code's 2⁴⁰ are made this many times dearer; a right one takes some 20 ms. */
const stretchRounds = 4096;

/** The secret of a code. */
export function stretched(code: string): string {
  let bytes = asciiBytes(readCode(code));
  const key = asciiBytes('psp-layers pairing');
  for (let i = 0; i < stretchRounds; i++) bytes = hmac(key, bytes);
  return hex(bytes);
}

function sign(secret: string, about: string, greeting: Greeting): Uint8Array {
  const { port, instance, clientNonce, serverNonce } = greeting;
  const text = ['psp-layers', about, port, instance, clientNonce, serverNonce].join('\n');
  return hmac(asciiBytes(secret), asciiBytes(text));
}

const mixed = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ b[i]!);

const asciiBytes = (text: string): Uint8Array =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const fromHex = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    parseInt(text.slice(i * 2, i * 2 + 2), 16),
  );

const base64Url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const letters = Math.min(3, bytes.length - i) + 1;
    for (let k = 0; k < letters; k++) text += base64Url[(bits >> (18 - 6 * k)) & 63];
  }
  return text;
}

function fromBase64Url(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  for (let i = 0, at = 0; i < text.length; i += 4) {
    const letters = Array.from({ length: 4 }, (_, k) => base64Url.indexOf(text[i + k] ?? 'A'));
    const bits = letters.reduce((sum, value) => (sum << 6) | value, 0);
    for (let k = 0; k < 3 && at < bytes.length; k++) bytes[at++] = (bits >> (16 - 8 * k)) & 255;
  }
  return bytes;
}
