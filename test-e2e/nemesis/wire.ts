// As much of PostgreSQL's protocol (version 3) as it takes to see which function a connection calls, and where the answer to it ends.

/** A message as it came, its type's letter and where its body begins; the first one of a client has no type. */
export interface Message {
  readonly type: string;
  readonly bytes: Buffer;
  readonly bodyAt: number;
}

const LENGTH_BYTES = 4;

/** Cuts a stream into messages. */
export class Messages {
  private rest: Buffer = Buffer.alloc(0);
  private isTyped: boolean;

  constructor(side: 'client' | 'server') {
    this.isTyped = side === 'server';
  }

  /** The messages that are complete with these bytes. */
  push(bytes: Buffer): Message[] {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const whole: Message[] = [];
    for (let message = this.next(); message !== null; message = this.next()) whole.push(message);
    return whole;
  }

  private next(): Message | null {
    const typeBytes = this.isTyped ? 1 : 0;
    if (this.rest.length < typeBytes + LENGTH_BYTES) return null;
    const length = typeBytes + this.rest.readInt32BE(typeBytes);
    if (this.rest.length < length) return null;
    const bytes = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    const type = this.isTyped ? String.fromCharCode(bytes[0]!) : '';
    this.isTyped = true;
    return { type, bytes, bodyAt: typeBytes + LENGTH_BYTES };
  }
}

/** The two strings that a Parse (statement, text) and a Bind (portal, statement) begin with. */
export function twoStrings({ bytes, bodyAt }: Message): readonly [string, string] {
  const end = bytes.indexOf(0, bodyAt);
  return [bytes.toString('utf8', bodyAt, end), bytes.toString('utf8', end + 1, bytes.indexOf(0, end + 1))];
}
