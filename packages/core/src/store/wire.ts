// Between TypeScript's camelCase and PostgreSQL's snake_case, and the types that pg reads differently here. The hot path: names are converted once
// per call shape and cached, values are never walked (what is inside jsonb stays as it is).
import { types } from 'pg';

/** Column names of one function's answer, converted: kept by Database per statement. */
export function camelOf(snake: string): string {
  return snake.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const snakeCache = new Map<string, string>();

export function snakeOf(camel: string): string {
  let snake = snakeCache.get(camel);
  if (snake === undefined) {
    snake = camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeCache.set(camel, snake);
  }
  return snake;
}

/** The same object with its own keys in snake_case; values, and undefined ones too, as they are. */
export function snakeKeys(element: object): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const key in element) row[snakeOf(key)] = (element as Record<string, unknown>)[key];
  return row;
}

export function camelKeys<Row>(element: object): Row {
  const row: Record<string, unknown> = {};
  for (const key in element) row[camelOf(key)] = (element as Record<string, unknown>)[key];
  return row as Row;
}

/** Marks an argument as jsonb whatever it looks like: an array of strings or an empty one is a PostgreSQL array otherwise. */
export class Jsonb {
  constructor(readonly value: unknown) {}
}

export function jsonb(value: unknown): Jsonb {
  return new Jsonb(value);
}

/** A batch: its elements (camelCase), or the text of the jsonb array (snake_case) where the caller has serialised them already. */
export type Batch<Element extends object> = readonly Element[] | string;

/** A batch as one jsonb array, its elements' keys in snake_case; a text goes as it is. */
export function jsonbElements(batch: Batch<object>): Jsonb | string {
  return typeof batch === 'string' ? batch : new Jsonb(batch.map(snakeKeys));
}

/** What pg sends for an argument: plain objects, arrays with an object in them and Jsonb as JSON text; the rest is pg's business. */
export function argumentOf(value: unknown): unknown {
  if (value === undefined) return null;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Jsonb) return JSON.stringify(value.value);
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object' && item !== null) ? JSON.stringify(value) : value;
  if (value instanceof Date || Buffer.isBuffer(value)) return value;
  return JSON.stringify(value);
}

const INT8 = 20;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a JavaScript number exactly`);
  return value;
}

/** bigint is a number (ids, tokens and counts stay below 2^53; another one is an error, not a rounded value); the rest is pg's: timestamptz a Date, jsonb parsed. */
export const rowTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
    return oid === INT8 ? safeInteger : types.getTypeParser(oid, format);
  },
};
