/**
 * `_rid`s as the service builds them: 4 bytes of database, 4 of container, 8 of document, in base64 with `-` for `/`.
 * The SDK insists that a container's decodes to eight bytes before it keeps session tokens.
 */
const CONTAINER_MARK = 0x80000000;

export function databaseRid(number: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return encode(bytes);
}

export function containerRid(database: string, number: number): string {
  const bytes = Buffer.alloc(8);
  decode(database).copy(bytes);
  bytes.writeUInt32BE((CONTAINER_MARK | number) >>> 0, 4);
  return encode(bytes);
}

export function documentRid(container: string, number: number): string {
  const bytes = Buffer.alloc(16);
  decode(container).copy(bytes);
  bytes.writeBigUInt64LE(BigInt(number), 8);
  return encode(bytes);
}

/** The number a rid of any of the three kinds was made from. */
export function numberOfRid(rid: string): number {
  const bytes = decode(rid);
  if (bytes.length === 4) return bytes.readUInt32BE();
  if (bytes.length === 8) return (bytes.readUInt32BE(4) & ~CONTAINER_MARK) >>> 0;
  return Number(bytes.readBigUInt64LE(8));
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('/', '-');
}

function decode(rid: string): Buffer {
  return Buffer.from(rid.replaceAll('-', '/'), 'base64');
}
