import { readAscii, readUint64, type ByteReader } from './byteReader';
import type { TaggedBlock } from '../document';
import { damaged } from '../errors';

/** Blocks whose length has 8 bytes in PSB (specification, "Additional Layer Information"). */
const wideKeys: ReadonlySet<string> = new Set(
  'LMsk Lr16 Lr32 Layr Mt16 Mt32 Mtrn Alph FMsk lnk2 FEid FXid PxSD'.split(' '),
);
const isSignature = (text: string): boolean => text === '8BIM' || text === '8B64';

/**
 * Reads the blocks up to the reader's end. What follows the last block that makes sense is left
 * alone: writers pad differently (to 1, 2 or 4 bytes), and nothing here is ever rewritten.
 */
export async function readTaggedBlocks(
  reader: ByteReader,
  large: boolean,
  where: string,
): Promise<readonly TaggedBlock[]> {
  const blocks: TaggedBlock[] = [];
  while (reader.remaining >= 12) {
    const start = reader.position;
    const head = await reader.peek(Math.min(16, reader.remaining), where);
    const signature = readAscii(head, 0, 4);
    if (!isSignature(signature)) {
      if (blocks.length > 0 && (await skipPadding(reader, where))) continue;
      break;
    }
    const key = readAscii(head, 4, 4);
    const lengthBytes = large && (signature === '8B64' || wideKeys.has(key)) ? 8 : 4;
    const block = await closeBlock(reader, head, start, key, lengthBytes);
    if (!block) throw damaged(`the block "${key}" of ${where} is longer than what holds it`);
    blocks.push(block);
    reader.position = block.offset + block.length;
  }
  return blocks;
}

/** Takes the usual width of the length first, then the other: lists of wide keys differ. */
async function closeBlock(
  reader: ByteReader,
  head: DataView,
  start: number,
  key: string,
  usual: 4 | 8,
): Promise<TaggedBlock | null> {
  const widths: readonly (4 | 8)[] = usual === 8 ? [8, 4] : [4];
  for (const lengthBytes of widths) {
    if (head.byteLength < 8 + lengthBytes) continue;
    const length = lengthBytes === 8 ? readUint64(head, 8) : head.getUint32(8);
    const offset = start + 8 + lengthBytes;
    if (offset + length <= reader.end) {
      return { key, offset, length, lengthOffset: start + 8, lengthBytes };
    }
  }
  return null;
}

/** Steps over up to three bytes of padding; false when no block follows them. */
async function skipPadding(reader: ByteReader, where: string): Promise<boolean> {
  const head = await reader.peek(Math.min(7, reader.remaining), where);
  for (let padding = 1; padding <= 3 && padding + 4 <= head.byteLength; padding++) {
    if (isSignature(readAscii(head, padding, 4))) {
      reader.position += padding;
      return true;
    }
  }
  return false;
}
