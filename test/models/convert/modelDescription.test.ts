import {
  decodeModelDescription,
  groupStyles,
  type ModelDescription,
} from '../../../models/convert';

const sha256 = 'a'.repeat(64);
const styleResolutions = [4, 8, 8, 16, 16, 32, 32, 64, 64, 64];
const graphs = {
  encoder: 'encoder.onnx',
  mapping: '../shared/mapping-0123456789ab.onnx',
  decoder: '../shared/decoder-0123456789ab.onnx',
};
const checksums = { encoder: sha256, mapping: sha256, decoder: sha256 };
const shared = {
  name: 'psp-ffhq-encode',
  licence: 'MIT',
  attribution: 'Richardson et al.',
  source: { file: 'psp_ffhq_encode.pt', sha256 },
  resolution: 64,
  nStyles: 10,
  styleDim: 512,
  domain: 'face',
  precision: 'float32',
  graphs,
  checksums,
} as const;
const model: ModelDescription = {
  ...shared,
  formatVersion: 2,
  family: 'stylegan2',
  operations: ['reconstruct'],
  terms: null,
  measured: null,
  input: { kind: 'rgb', channels: 3, size: 256 },
  styleResolutions,
  styleGroups: { coarse: [0, 3], middle: [3, 7], fine: [7, 10] },
  directions: null,
};
const complete: ModelDescription = {
  ...model,
  operations: ['reconstruct', 'frontalize', 'an-operation-of-later'],
  terms: 'For research and personal work.',
  measured: 'Likeness 98 %.',
  graphs: { ...graphs, fit: '../shared/fit-0123456789ab.onnx' },
  directions: '../shared/directions-0123456789ab.json',
  checksums: { ...checksums, fit: sha256, directions: sha256 },
};

test.each([model, complete])('what was written is read, unknown fields left out', (written) => {
  const parsed: unknown = JSON.parse(JSON.stringify({ ...written, later: 1 }));
  expect(decodeModelDescription(parsed)).toEqual(written);
});

test('a package of version 1 is read as what it was', () => {
  const input = { kind: 'rgb', channels: 3 };
  const first = { ...shared, formatVersion: 1, operation: 'reconstruct', input };
  expect(decodeModelDescription(first)).toEqual(model);
});

test('styles are grouped by the size of the layers that they feed', () => {
  expect(groupStyles(styleResolutions)).toEqual(model.styleGroups);
});

test.each([
  ['model.json', null],
  ['model.json', []],
  ['formatVersion', { ...model, formatVersion: 3 }],
  ['name', { ...model, name: '../evil' }],
  ['name', { ...model, name: 'shared' }],
  ['family', { ...model, family: '../x' }],
  ['operations', { ...model, operations: [] }],
  ['operations[0]', { ...model, operations: ['../x'] }],
  ['operations[0]', { ...shared, formatVersion: 1, input: {} }],
  ['terms', { ...model, terms: '' }],
  ['measured', { ...model, measured: '' }],
  ['source', { ...model, source: 'x.pt' }],
  ['source.sha256', { ...model, source: { file: 'x', sha256: 'A' } }],
  ['input.kind', { ...model, input: { ...model.input, kind: 'audio' } }],
  ['input.channels', { ...model, input: { ...model.input, channels: 0 } }],
  ['input.size', { ...model, input: { kind: 'rgb', channels: 3 } }],
  ['resolution', { ...model, resolution: 0.5 }],
  ['styleResolutions', { ...model, styleResolutions: [4] }],
  ['styleGroups.middle', { ...model, styleGroups: { ...model.styleGroups, middle: [7, 3] } }],
  ['styleGroups.fine', { ...model, styleGroups: { ...model.styleGroups, fine: [7, 11] } }],
  ['graphs.decoder', { ...model, graphs: { ...graphs, decoder: '../../etc/x.onnx' } }],
  ['graphs.decoder', { ...model, graphs: { ...graphs, decoder: '/x.onnx' } }],
  ['graphs.encoder', { ...model, graphs: { ...graphs, encoder: undefined } }],
  ['graphs.fit', { ...complete, graphs: { ...graphs, fit: '../x.onnx' } }],
  ['directions', { ...complete, directions: '/etc/passwd' }],
  ['checksums.mapping', { ...model, checksums: { ...checksums, mapping: '' } }],
  ['checksums.fit', { ...complete, checksums }],
  ['checksums.directions', { ...complete, checksums: { ...checksums, fit: sha256 } }],
])('a wrong %s is refused by name', (field, value) => {
  expect(() => decodeModelDescription(value)).toThrow(field);
});
