import { readFileSync } from 'node:fs';
import type * as Photoshop from 'photoshop';
import type {
  ExecutionContext,
  PhotoshopApi,
  PhotoshopBounds,
  PhotoshopDocument,
  PhotoshopImageData,
  PhotoshopLayer,
} from '../../../../plugin/hosts/photoshop/api';
import { constants } from '../../../support/photoshop/constants';

type Real = typeof Photoshop;
type RealDocument = Real['app']['activeDocument'];
type RealLayer = RealDocument['activeLayers'][number];
type RealPixels = Awaited<ReturnType<Real['imaging']['getPixels']>>;
type RealContext = Parameters<Parameters<Real['core']['executeAsModal']>[0]>[0];

/** What we list and @types/photoshop does not. */
type Unknown<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs>;

/** Compiles only while every name in api.ts is a name of Photoshop's, by its own types. */
type None<T extends never> = T;
export type Checked = [
  None<Unknown<PhotoshopApi, Real>>,
  None<Unknown<PhotoshopApi['app'], Real['app']>>,
  None<Unknown<PhotoshopApi['core'], Real['core']>>,
  None<Unknown<PhotoshopApi['imaging'], Real['imaging']>>,
  // 25.0 has it, the types of November 2023 do not.
  None<Exclude<Unknown<PhotoshopApi['action'], Real['action']>, 'recordAction'>>,
  None<Unknown<PhotoshopDocument, RealDocument>>,
  None<Unknown<PhotoshopDocument['saveAs'], RealDocument['saveAs']>>,
  None<Unknown<PhotoshopLayer, RealLayer>>,
  None<Unknown<PhotoshopBounds, RealLayer['bounds']>>,
  None<Unknown<PhotoshopImageData, RealPixels['imageData']>>,
  None<Unknown<ExecutionContext, RealContext>>,
  None<Unknown<ExecutionContext['hostControl'], RealContext['hostControl']>>,
];

test('the constants of the fake have the names and values of @types/photoshop', () => {
  const path = require.resolve('@types/photoshop/dom/Constants.d.ts');
  const declarations = readFileSync(path, 'utf8').replace(/\/\*[^]*?\*\//g, '');
  for (const [name, members] of Object.entries(constants)) {
    const [, body] = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(declarations)!;
    for (const [member, value] of Object.entries(members)) {
      expect(body).toMatch(new RegExp(`\\b${member} = "${value}"`));
    }
  }
});
