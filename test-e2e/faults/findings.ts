// What one try of a fault measured, and what it found wrong.
import { isDeepStrictEqual } from 'node:util';

export interface Verdict {
  /** One sentence for each. */
  readonly violations: readonly string[];
  /** What was measured, by its name, in ms. */
  readonly partsMs: Readonly<Record<string, number>>;
}

const WORDS_MAX = 400;

export const wordsOf = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, WORDS_MAX);

export class Findings {
  private readonly violations: string[] = [];
  private readonly partsMs: Record<string, number> = {};

  constructor(
    /** From 0. */
    readonly nth: number,
    /** From 0 to below 1. */
    readonly random: () => number,
  ) {}

  /** A name (of a gate) that no other try has. */
  named(name: string): string {
    return `${name}-${this.nth}`;
  }

  /** Lets up to so much time pass: a fault comes at any moment between two heartbeats, ticks or renewals, and so must those that are measured. */
  anyMoment(withinMs: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, withinMs * this.random()));
  }

  measured(part: string, ms: number): void {
    this.partsMs[part] = Math.round(ms);
  }

  violated(sentence: string): void {
    this.violations.push(sentence);
  }

  /** It must hold. */
  holds(what: string, isSo: boolean): void {
    if (!isSo) this.violated(`not so: ${what}`);
  }

  same(what: string, actual: unknown, expected: unknown): void {
    const [is, must] = [actual, expected].map((value) => JSON.parse(JSON.stringify(value ?? null)) as unknown);
    if (!isDeepStrictEqual(is, must)) this.violated(`${what}: ${wordsOf(is)} instead of ${wordsOf(must)}`);
  }

  /** With what the checker found in the history. */
  protected verdict(breaches: readonly { readonly law: string; readonly sentence: string }[]): Verdict {
    return { violations: [...this.violations, ...breaches.map(({ law, sentence }) => `${law}: ${sentence}`)], partsMs: this.partsMs };
  }
}
