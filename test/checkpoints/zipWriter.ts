import { crc32 } from 'node:zlib';

/** Takes the bytes before it resolves. */
export type Write = (bytes: Uint8Array) => Promise<void>;

/** torch aligns every storage to 64 bytes by an extra field that it calls "FB". */
const ALIGNMENT = 64;

/** Writes stored entries one after the other, as torch.save does; no zip64, so below 4 GiB. */
export class ZipWriter {
  private readonly directory: Buffer[] = [];
  private at = 0;

  constructor(private readonly write: Write) {}

  async add(name: string, bytes: Uint8Array): Promise<void> {
    const nameBytes = Buffer.from(name);
    const padding = (2 * ALIGNMENT - ((this.at + 34 + nameBytes.length) % ALIGNMENT)) % ALIGNMENT;
    const local = Buffer.alloc(34 + nameBytes.length + padding);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version needed
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    local.write('PK\x03\x04', 0, 'latin1');
    common.copy(local, 4);
    local.writeUInt16LE(4 + padding, 28);
    nameBytes.copy(local, 30);
    local.write('FB', 30 + nameBytes.length, 'latin1');
    local.writeUInt16LE(padding, 32 + nameBytes.length);

    const central = Buffer.alloc(46 + nameBytes.length);
    central.write('PK\x01\x02', 0, 'latin1');
    common.copy(central, 6);
    central.writeUInt32LE(this.at, 42);
    nameBytes.copy(central, 46);
    this.directory.push(central);

    await this.write(local);
    await this.write(bytes);
    this.at += local.length + bytes.length;
  }

  async finish(): Promise<void> {
    const size = this.directory.reduce((sum, record) => sum + record.length, 0);
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 0, 'latin1');
    end.writeUInt16LE(this.directory.length, 8);
    end.writeUInt16LE(this.directory.length, 10);
    end.writeUInt32LE(size, 12);
    end.writeUInt32LE(this.at, 16);
    for (const record of this.directory) await this.write(record);
    await this.write(end);
  }
}
