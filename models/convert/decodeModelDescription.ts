import {
  readChoice,
  readCount,
  readLabel,
  readList,
  readRecord,
  readText,
  wrong,
  type Fields,
} from './fields';
import { migrateDescription } from './migrateDescription';
import {
  inputKinds,
  isPackageName,
  MODEL_FORMAT_VERSION,
  storedPrecisions,
  type ModelDescription,
} from './modelDescription';
import type { StyleGroups, StyleRange } from './styleGroups';

/** A file lies in the package or in the folder that packages share, and nowhere else. */
const FILE_PATH = /^(\.\.\/shared\/)?[a-z0-9][a-z0-9._-]*$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** An operation's or a family's id. */
const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Checks what was parsed from a `model.json`, whichever version wrote it.
 * @throws ConvertError CORRUPT naming the field and what belongs there, or UNSUPPORTED for a newer version.
 */
export function decodeModelDescription(value: unknown): ModelDescription {
  const model = migrateDescription(readRecord(value, 'model.json'));
  const source = readRecord(model.source, 'source');
  const input = readRecord(model.input, 'input');
  const graphs = readRecord(model.graphs, 'graphs');
  const checksums = readRecord(model.checksums, 'checksums');
  const hasFit = graphs.fit !== undefined;
  const hasDirections = model.directions !== null;
  const nStyles = readCount(model.nStyles, 'nStyles', 1024);
  return {
    formatVersion: MODEL_FORMAT_VERSION,
    name: readText(model.name, 'name', isPackageName, 'lower-case letters, digits, ".", "_", "-"'),
    family: readId(model.family, 'family'),
    operations: readList(model.operations, 'operations', readId),
    licence: readText(model.licence, 'licence'),
    attribution: readText(model.attribution, 'attribution'),
    terms: model.terms === null ? null : readText(model.terms, 'terms'),
    measured: (model.measured ?? null) === null ? null : readText(model.measured, 'measured'),
    source: {
      file: readLabel(source.file, 'source.file'),
      sha256: readHash(source.sha256, 'source.sha256'),
    },
    input: {
      kind: readChoice(input.kind, 'input.kind', inputKinds),
      channels: readCount(input.channels, 'input.channels'),
      size: readCount(input.size, 'input.size'),
    },
    resolution: readCount(model.resolution, 'resolution'),
    nStyles,
    styleDim: readCount(model.styleDim, 'styleDim'),
    styleResolutions: readList(model.styleResolutions, 'styleResolutions', readCount, nStyles),
    styleGroups: readGroups(readRecord(model.styleGroups, 'styleGroups'), nStyles),
    domain: readLabel(model.domain, 'domain'),
    precision: readChoice(model.precision, 'precision', storedPrecisions),
    graphs: readGraphs(graphs, 'graphs', readPath, hasFit),
    directions: hasDirections ? readPath(model.directions, 'directions') : null,
    checksums: {
      ...readGraphs(checksums, 'checksums', readHash, hasFit),
      ...(hasDirections && {
        directions: readHash(checksums.directions, 'checksums.directions'),
      }),
    },
  };
}

const readId = (value: unknown, field: string): string =>
  readText(value, field, (text) => ID.test(text), 'small letters, digits and "-"');

const readPath = (value: unknown, field: string): string =>
  readText(value, field, (text) => FILE_PATH.test(text), 'a file of the package or of ../shared');

const readHash = (value: unknown, field: string): string =>
  readText(value, field, (text) => SHA256.test(text), 'a SHA-256');

/** A text for every graph of the package; `fit` only where there is one. */
function readGraphs(
  fields: Fields,
  name: string,
  read: (value: unknown, field: string) => string,
  hasFit: boolean,
): ModelDescription['graphs'] {
  const at = (role: string): string => read(fields[role], `${name}.${role}`);
  return {
    encoder: at('encoder'),
    mapping: at('mapping'),
    decoder: at('decoder'),
    ...(hasFit && { fit: at('fit') }),
  };
}

function readGroups(fields: Fields, nStyles: number): StyleGroups {
  const read = (name: keyof StyleGroups): StyleRange => {
    const field = `styleGroups.${name}`;
    const [from, to] = readList(fields[name], field, readIndex, 2) as [number, number];
    if (from <= to && to <= nStyles) return [from, to];
    throw wrong(field, fields[name], `a range within ${nStyles} styles`);
  };
  return { coarse: read('coarse'), middle: read('middle'), fine: read('fine') };
}

function readIndex(value: unknown, field: string): number {
  return value === 0 ? 0 : readCount(value, field);
}
