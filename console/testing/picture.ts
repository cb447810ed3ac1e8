import { crc32, deflateSync } from 'node:zlib';

/** A small PNG that looks a little like a shop's page, so that a screenshot has something to show. */
export function picture(width = 640, height = 400): Uint8Array {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows.set(colourAt(x / width, y / height), y * (width * 3 + 1) + 1 + x * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourAt(x: number, y: number): readonly [number, number, number] {
  if (y < 0.12) return [24, 58, 84];
  const column = (x * 3) % 1;
  const row = ((y - 0.12) * 2.2) % 1;
  if (column < 0.08 || column > 0.92 || row < 0.08 || row > 0.92) return [244, 246, 248];
  if (row < 0.6) return [150 + x * 80, 190 - y * 60, 200 + column * 40];
  if (row > 0.7 && row < 0.76 && column < 0.6) return [90, 100, 110];
  return [255, 255, 255];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
