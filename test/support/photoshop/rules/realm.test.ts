import { PluginRealm } from '../realm';

const realm = new PluginRealm({
  version: '0.0.0',
  entrypoints: [],
  requiredPermissions: { network: { domains: ['ws://localhost:9477'] } },
});

describe('the realm of a plug-in', () => {
  test.each([
    'TextEncoder',
    'TextDecoder',
    'Worker',
    'Buffer',
    'process',
    'fetch',
    'structuredClone',
    'queueMicrotask',
    'btoa',
    'crypto.subtle',
    '[].findLast',
  ])('has no %s', (name) => {
    expect(() =>
      realm.run(`if (typeof ${name} !== 'undefined') throw new Error('it is there')`),
    ).not.toThrow();
  });

  test.each(["eval('1')", "new Function('return 1')()", "require('fs')", "require('ws')"])(
    'refuses %s',
    (code) => expect(() => realm.run(code)).toThrow(),
  );
});
