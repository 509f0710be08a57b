import { decodeModelDescription, type ModelDescription } from '../../../models/convert';

const sha256 = 'a'.repeat(64);
const model: ModelDescription = {
  formatVersion: 1,
  name: 'psp-ffhq-encode',
  operation: 'reconstruct',
  licence: 'MIT',
  attribution: 'Richardson et al.',
  source: { file: 'psp_ffhq_encode.pt', sha256 },
  input: { kind: 'rgb', channels: 3 },
  resolution: 1024,
  nStyles: 18,
  styleDim: 512,
  domain: 'face',
  precision: 'float32',
  graphs: {
    encoder: 'encoder.onnx',
    mapping: '../shared/mapping-0123456789ab.onnx',
    decoder: '../shared/decoder-0123456789ab.onnx',
  },
  checksums: { encoder: sha256, mapping: sha256, decoder: sha256 },
};

test('what was written is read, and unknown fields are left out', () => {
  const parsed: unknown = JSON.parse(JSON.stringify({ ...model, later: 1 }));
  expect(decodeModelDescription(parsed)).toEqual(model);
});

test.each([
  ['model.json', null],
  ['model.json', []],
  ['formatVersion', { ...model, formatVersion: 2 }],
  ['name', { ...model, name: '../evil' }],
  ['name', { ...model, name: 'shared' }],
  ['operation', { ...model, operation: 'resample-style' }],
  ['source', { ...model, source: 'x.pt' }],
  ['source.sha256', { ...model, source: { file: 'x', sha256: 'A' } }],
  ['input.kind', { ...model, input: { kind: 'audio', channels: 1 } }],
  ['input.channels', { ...model, input: { kind: 'rgb', channels: 0 } }],
  ['resolution', { ...model, resolution: 0.5 }],
  ['graphs.decoder', { ...model, graphs: { ...model.graphs, decoder: '../../etc/x.onnx' } }],
  ['graphs.decoder', { ...model, graphs: { ...model.graphs, decoder: '/x.onnx' } }],
  ['graphs.encoder', { ...model, graphs: { ...model.graphs, encoder: undefined } }],
  ['checksums.mapping', { ...model, checksums: { ...model.checksums, mapping: '' } }],
])('a wrong %s is refused by name', (field, value) => {
  expect(() => decodeModelDescription(value)).toThrow(field);
});
