import { modalEditor } from '../../../../plugin/hosts/photoshop/document/editor';
import type { byHand } from '../../../../plugin/hosts/photoshop/check/apiNames';
import { type ApiName } from '../../../../plugin/hosts/photoshop/check/apiNames';
import { checks, type ProvenName } from '../../../../plugin/hosts/photoshop/check/checks';
import { selfCheck } from '../../../../plugin/hosts/photoshop/check/selfCheck';
import type { SocketLike } from '../../../../plugin/core/bridge/runtime';
import { FakeDocument, FakeLayer } from '../../../support/photoshop/dom';
import { jumpingTimers } from '../../../support/photoshop/harness';
import { FakePhotoshop } from '../../../support/photoshop/photoshop';
import { FakeLocalStorage, FakeStorage } from '../../../support/photoshop/storage';
import { FakeNetwork } from '../../../support/photoshop/websocket';
import { opaque } from './setUp';

/** Compiles only while every name that the adapter declares is tried by a check, or by hand. */
type None<T extends never> = T;
export type Checked = [
  None<Exclude<ApiName, ProvenName | keyof typeof byHand>>,
  None<Exclude<ProvenName | keyof typeof byHand, ApiName>>,
];

const here = 'ws://localhost:9477';

function setUp() {
  const photoshop = new FakePhotoshop();
  const documentId = photoshop.openDocument({
    title: 'Mine',
    width: 40,
    height: 30,
    layers: [{ name: 'Photo', paint: opaque(0.8) }, { name: 'Below' }],
  });
  photoshop.selectArea(documentId, { left: 1, top: 1, right: 9, bottom: 9 });
  const network = new FakeNetwork([here, 'ws://127.0.0.1:9477'], photoshop.world.modal);
  network.listen(here, () => undefined);
  const timers = jumpingTimers();
  const parts = {
    editor: modalEditor(photoshop.api, timers),
    storage: new FakeStorage(),
    localStorage: new FakeLocalStorage(),
    timers: { now: () => 0, after: () => () => undefined },
    addresses: [`${here}/`, 'ws://127.0.0.1:9477/'],
    openSocket: (url: string) => new network.WebSocket(url) as unknown as SocketLike,
    about: 'pSp Layers 0.1.0 · Photoshop 25.0.0 · uxp-7.3.0 · en_US',
  };
  /** All that is the user's. */
  const mine = () => ({
    open: [...photoshop.world.documents.keys()],
    front: photoshop.world.activeId,
    layers: photoshop.layers(documentId).map(({ name }) => name),
    selected: photoshop.activeLayerIds(documentId),
    area: photoshop.selectionBounds(documentId),
    history: photoshop.history(documentId),
  });
  return { photoshop, parts, mine };
}

/** Notes which members of the fake are really used. */
function recordUse(photoshop: FakePhotoshop): ReadonlySet<string> {
  const used = new Set<string>();
  const watch = (owner: string, object: object): void => {
    for (const [name, { get, set, value }] of Object.entries(
      Object.getOwnPropertyDescriptors(object),
    )) {
      if (name === 'constructor' || name === 'state') continue;
      const note = (): void => void used.add(`${owner}.${name}`);
      Object.defineProperty(object, name, {
        configurable: true,
        get(this: unknown): unknown {
          note();
          return get ? get.call(this) : value;
        },
        ...(set && {
          set(this: unknown, given: unknown) {
            note();
            set.call(this, given);
          },
        }),
      });
    }
  };
  watch('layer', FakeLayer.prototype);
  watch('document', FakeDocument.prototype);
  watch('imaging', photoshop.api.imaging);
  watch('app', photoshop.api.app);
  watch('action', Object.getPrototypeOf(photoshop.api.action) as object);
  return used;
}

test('runs whole in the imitation, prints its report, and leaves everything as it was', async () => {
  const { photoshop, parts, mine } = setUp();
  const before = mine();
  const { failed, text } = await selfCheck(parts);
  expect(failed).toEqual([]);
  expect(text).toMatchSnapshot();
  expect(mine()).toEqual(before);
  expect(photoshop.problems()).toEqual([]);
});

test('what breaks is told by name, and what follows is tried all the same', async () => {
  const { photoshop, parts, mine } = setUp();
  const before = mine();
  const { imaging } = photoshop.api;
  jest.spyOn(imaging, 'putLayerMask').mockRejectedValue(new Error('no masks today'));
  const { failed, text } = await selfCheck(parts);
  expect(failed.length).toBeGreaterThan(3);
  expect(failed.length).toBeLessThan(checks.length - 3);
  expect(text).toContain('no masks today');
  expect(text).toContain('works  What is kept');
  expect(mine()).toEqual(before);
  expect(photoshop.problems()).toEqual([]);
});

test('after Cancel nothing of the check is left open', async () => {
  const { photoshop, parts, mine } = setUp();
  const before = mine();
  const { putPixels } = photoshop.api.imaging;
  jest.spyOn(photoshop.api.imaging, 'putPixels').mockImplementation((options) => {
    photoshop.world.modal.cancel();
    return putPixels(options);
  });
  const { failed } = await selfCheck(parts);
  expect(failed.length).toBeGreaterThan(0);
  expect(mine()).toEqual(before);
});

test('a check uses what it says to prove', async () => {
  const { photoshop, parts } = setUp();
  const used = recordUse(photoshop);
  await selfCheck(parts);
  const owners = ['layer', 'document', 'imaging', 'app', 'action'];
  const proven = checks.flatMap(({ proves }) => proves as readonly string[]);
  // Fields of each object's own, which are not watched.
  const fields = ['document.id', 'document.saveAs', 'layer.id'];
  const watched = proven.filter(
    (name) => owners.includes(name.split('.')[0]!) && !fields.includes(name),
  );
  expect(watched.filter((name) => !used.has(name))).toEqual([]);
});
