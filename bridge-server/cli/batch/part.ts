import { createHash } from 'node:crypto';
import { PspError } from '../../../protocol/errors';
import type { ListedFile } from './listInputs';

/** Which of the listed files one run of many works on. */
export interface Part {
  readonly shard: { readonly index: number; readonly count: number } | null;
  /** Places in the list, the last one included; it may lie past the end. */
  readonly items: { readonly first: number; readonly last: number } | null;
}

/**
 * A file's shard depends on its key alone: files that come and go move no other, on no system.
 * Every file is in one shard, and shards are about equal.
 */
export const inPart =
  ({ shard, items }: Part) =>
  ({ key }: ListedFile, place: number): boolean =>
    (shard === null || shardOf(key, shard.count) === shard.index) &&
    (items === null || (place >= items.first && place <= items.last));

export const shardOf = (key: string, count: number): number =>
  createHash('sha256').update(key.normalize('NFC')).digest().readUIntBE(0, 6) % count;

/** "0007-of-0100", "items-0-99"; what this part's journal is called. Empty for all. */
export const partName = ({ shard, items }: Part): string =>
  [
    ...(shard ? [`${padded(shard.index)}-of-${padded(shard.count)}`] : []),
    ...(items ? [`items-${items.first}-${items.last}`] : []),
  ].join('.');

const padded = (value: number): string => String(value).padStart(4, '0');

/** "7/100", counted from 0. @throws PspError BAD_INPUT */
export function parseShard(text: string): NonNullable<Part['shard']> {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (index !== undefined && count !== undefined && index < count) return { index, count };
  const example = 'Use I/N with I from 0 to N - 1, as in 0/4.';
  throw new PspError('BAD_INPUT', `--shard cannot be "${text}". ${example}`);
}

/** "100-199", or one place. @throws PspError BAD_INPUT */
export function parseItems(text: string): NonNullable<Part['items']> {
  const [, from, to] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? [];
  const first = Number(from);
  const last = Number(to ?? from);
  if (from !== undefined && first <= last) return { first, last };
  throw new PspError('BAD_INPUT', `--items cannot be "${text}". Use A-B from 0, as in 0-99.`);
}
