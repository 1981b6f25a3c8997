// Lets a few large requests in at a time, before their bodies are read: what waits outside costs a socket, not its megabytes.
// Limit: `insideMax` inside and `waitingMax` outside; whoever comes then is refused by name.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from './wire/refusal.js';

export class Turnstile {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly insideMax: number,
    private readonly waitingMax: number,
  ) {}

  /** A Fastify hook (onRequest): goes on when there is room; room is made when the answer is sent or the client gone. */
  readonly enter = (_request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    if (this.inside >= this.insideMax && this.waiting.length >= this.waitingMax) {
      const facts = { waiting_max: this.waitingMax };
      done(new Refusal('too_many_submissions', `${this.waitingMax} batches are waiting to be stored already.`, { facts }));
      return;
    }
    const goIn = (): void => {
      this.inside++;
      if (reply.raw.destroyed) this.leave();
      else {
        reply.raw.once('close', () => this.leave());
        done();
      }
    };
    if (this.inside < this.insideMax) goIn();
    else this.waiting.push(goIn);
  };

  private leave(): void {
    this.inside--;
    this.waiting.shift()?.();
  }
}
