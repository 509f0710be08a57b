import type { BridgeRuntime, TokenStore } from '../../core/bridge/runtime';
import type { TextStore } from '../../core/settings';
import type { Timers } from '../../core/timers';

export const browserTimers: Timers = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

export const browserRuntime: BridgeRuntime = {
  openSocket: (url) => new WebSocket(url),
  timers: browserTimers,
  randomName: () => crypto.randomUUID().replaceAll('-', ''),
};

/** Private windows may refuse to keep anything: then it is forgotten, and nothing else. */
export const textStore: TextStore = {
  read(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      return;
    }
  },
};

const tokenKey = 'psp-layers/token';

export const tokenStore: TokenStore = {
  load: async () => textStore.read(tokenKey),
  save: async (token) => textStore.write(tokenKey, token),
};
