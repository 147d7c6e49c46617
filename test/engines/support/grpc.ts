/** As much of gRPC and protobuf as calls without streams take: the CRI is spoken by no program of Debian's. */
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { connect as connectSocket } from 'node:net';

/** A message by field numbers; an array is a repeated field, undefined an absent one. */
export interface Message {
  readonly [field: number]: Value | readonly Value[] | undefined;
}
type Value = string | number | Message;

/** A message that was received: its values by field number, in order. */
export class Reply {
  readonly #fields = new Map<number, (Buffer | number)[]>();

  constructor(bytes: Buffer) {
    for (let at = 0; at < bytes.length; ) {
      const tag = readVarint(bytes, at);
      const value = readValue(bytes, tag.end, tag.value % 8);
      const field = Math.floor(tag.value / 8);
      this.#fields.set(field, [...(this.#fields.get(field) ?? []), value.value]);
      at = value.end;
    }
  }

  text(field: number): string {
    const [value = ''] = this.#fields.get(field) ?? [];
    return String(value);
  }

  /** 0 where it is absent, as protobuf has it. */
  number(field: number): number {
    const [value = 0] = this.#fields.get(field) ?? [];
    return Number(value);
  }

  message(field: number): Reply {
    const [value] = this.#fields.get(field) ?? [];
    return new Reply(Buffer.isBuffer(value) ? value : Buffer.alloc(0));
  }
}

export class GrpcClient {
  readonly #session: ClientHttp2Session;

  /** @param socket path of an AF_UNIX socket */
  constructor(socket: string) {
    this.#session = connect('http://localhost', { createConnection: () => connectSocket(socket) });
  }

  /**
   * @param method `/package.Service/Method`
   * @throws Error with what the server says, where it fails
   */
  async call(method: string, request: Message): Promise<Reply> {
    const stream = this.#session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: method,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let status: Record<string, unknown> = {};
    stream.on('response', (headers) => {
      status = { ...status, ...headers };
    });
    stream.on('trailers', (trailers) => {
      status = { ...status, ...trailers };
    });
    const body = encode(request);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(body.length, 1);
    stream.end(Buffer.concat([head, body]));
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    if (String(status['grpc-status']) !== '0') {
      const message = decodeURIComponent(String(status['grpc-message']));
      throw new Error(`${method}: status ${status['grpc-status']}: ${message}`);
    }
    return new Reply(Buffer.concat(chunks).subarray(5));
  }

  close(): void {
    this.#session.close();
  }
}

const VARINT = 0;
const BYTES = 2;

function encode(message: Message): Buffer {
  const parts: Buffer[] = [];
  for (const [field, values] of Object.entries(message)) {
    for (const value of Array.isArray(values) ? values : [values]) {
      if (value !== undefined) parts.push(encodeField(Number(field), value));
    }
  }
  return Buffer.concat(parts);
}

function encodeField(field: number, value: Value): Buffer {
  if (typeof value === 'number') {
    return Buffer.concat([writeVarint(field * 8 + VARINT), writeVarint(value)]);
  }
  const bytes = typeof value === 'string' ? Buffer.from(value) : encode(value);
  return Buffer.concat([writeVarint(field * 8 + BYTES), writeVarint(bytes.length), bytes]);
}

function writeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

interface Read<T> {
  readonly value: T;
  readonly end: number;
}

function readVarint(bytes: Buffer, at: number): Read<number> {
  let value = 0;
  for (let end = at, factor = 1; ; end += 1, factor *= 128) {
    const byte = bytes.readUInt8(end);
    value += (byte % 128) * factor;
    if (byte < 128) return { value, end: end + 1 };
  }
}

function readValue(bytes: Buffer, at: number, type: number): Read<Buffer | number> {
  if (type === VARINT) return readVarint(bytes, at);
  if (type !== BYTES) throw new Error(`a field of wire type ${type}`);
  const { value: length, end } = readVarint(bytes, at);
  return { value: bytes.subarray(end, end + length), end: end + length };
}
