import { type Message, Messages, twoStrings } from './wire.js';

const typed = (type: string, body: string): Buffer => {
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(4 + Buffer.byteLength(body), 1);
  return Buffer.concat([head, Buffer.from(body)]);
};
const startup = Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]);
const parse = typed('P', 'name\0select * from workflow.start_runs($1)\0');
const typesOf = (messages: readonly Message[]): string[] => messages.map(({ type }) => type);

describe('the stream of a client', () => {
  it('is the same messages however it is cut into pieces', () => {
    const whole = Buffer.concat([startup, parse, typed('S', '')]);
    for (let size = 1; size <= whole.length; size += 1) {
      const messages = new Messages('client');
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, k) => whole.subarray(k * size, (k + 1) * size));
      const found = pieces.flatMap((piece) => messages.push(piece));
      expect(typesOf(found)).toEqual(['', 'P', 'S']);
      expect(Buffer.concat(found.map(({ bytes }) => bytes))).toEqual(whole);
    }
  });

  it('names its statements', () => {
    const [, message] = new Messages('client').push(Buffer.concat([startup, parse]));
    expect(twoStrings(message!)).toEqual(['name', 'select * from workflow.start_runs($1)']);
  });
});

it('has a type from its first message on where a server speaks', () => {
  expect(typesOf(new Messages('server').push(Buffer.concat([typed('R', 'x'), typed('Z', 'I')])))).toEqual(['R', 'Z']);
});
