import { ByteWriter } from '../../psd/bytes';

test('a number that makes the buffer grow is written into the grown one', () => {
  const writer = new ByteWriter();
  const values = Array.from({ length: 300 }, (_, i) => 0x01020304 + i);
  for (const value of values) writer.uint32(value);
  const view = new DataView(writer.bytes().buffer);
  expect(values.map((_, i) => view.getUint32(i * 4))).toEqual(values);
});

test('so is one that makes it grow in the middle of its place', () => {
  const writer = new ByteWriter().zeros(255).uint16(0xabcd).int32(-2);
  expect([...writer.bytes().subarray(255)]).toEqual([0xab, 0xcd, 255, 255, 255, 254]);
});
