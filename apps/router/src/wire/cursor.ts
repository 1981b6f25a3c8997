// Where a list goes on, opaque to clients: base64url of the list's kind and the key of the last row looked at.
import { z } from 'zod';
import { Refusal } from './refusal.js';

const MAX_CHARS = 512;

export class Cursor<Key> {
  private readonly kind: string;
  private readonly key: z.ZodType<Key>;

  constructor(kind: string, key: z.ZodType<Key>) {
    this.kind = kind;
    this.key = key;
  }

  write(key: Key | null): string | null {
    return key === null ? null : Buffer.from(JSON.stringify([this.kind, key])).toString('base64url');
  }

  /** After a page of rows: null where it is not full, for then it was the last. */
  after<Row>(rows: readonly Row[], limit: number, keyOf: (last: Row) => Key): string | null {
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return last === undefined ? null : this.write(keyOf(last));
  }

  /** Refuses what this list did not hand out, another list's cursor included. */
  read(cursor: string | undefined): Key | undefined {
    if (cursor === undefined) return undefined;
    const parts = cursor.length <= MAX_CHARS ? decode(cursor) : undefined;
    const key = Array.isArray(parts) && parts.length === 2 && parts[0] === this.kind ? this.key.safeParse(parts[1]) : undefined;
    if (!key?.success) throw new Refusal('bad_cursor', 'cursor is not one that this list handed out.', { field: 'cursor' });
    return key.data;
  }
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
