import { refuseCaller } from '../../../bridge-server/transport/guard';

const host = 'localhost:9477';

test.each([
  ['a program', { host, origin: undefined }],
  ['Photoshop', { host, origin: 'file://' }],
  ['our own page', { host, origin: 'http://localhost:9477' }],
  ['our own page by number', { host: '127.0.0.1:9477', origin: 'http://127.0.0.1:9477' }],
])('%s is let in', (_, caller) => {
  expect(refuseCaller(caller, 9477)).toBeNull();
});

test.each([undefined, 'http://localhost'])("on HTTP's own port nobody says it: %s", (origin) => {
  expect(refuseCaller({ host: 'localhost', origin }, 80)).toBeNull();
  expect(refuseCaller({ host: 'localhost', origin }, 9477)).toEqual(expect.any(String));
});

test.each([
  ['a site that was pointed here', { host: 'evil.example:9477', origin: undefined }],
  ['another port of this machine', { host: 'localhost:8080', origin: undefined }],
  ['no host at all', { host: undefined, origin: undefined }],
  ['a page of another site', { host, origin: 'https://evil.example' }],
  ['a page of another local server', { host, origin: 'http://localhost:3000' }],
  ['a page that only begins like ours', { host, origin: 'http://localhost:9477.evil.example' }],
  ['our name by https, which we do not speak', { host, origin: 'https://localhost:9477' }],
  ['a page that hides its origin', { host, origin: 'null' }],
  ['an extension', { host, origin: 'chrome-extension://abc' }],
])('%s is refused', (_, caller) => {
  expect(refuseCaller(caller, 9477)).toEqual(expect.any(String));
});
